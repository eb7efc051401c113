import { fields, type Json, json, listOf, operation, TEXT } from './openapi-parts.ts';

const NO_TEXT: Json = { type: ['string', 'null'] };
const NO_NUMBER: Json = { type: ['integer', 'null'] };
const NO_TIME: Json = { type: ['string', 'null'], format: 'date-time' };

/** What is switched, stopped and given up. */
export const QUEUE_PATHS: Json = {
  '/gates': {
    get: operation(
      'listGates',
      'What is switched on, by whom and since when',
      {},
      { 200: json('All gates.', fields({ gates: listOf('Gate') })) },
    ),
  },
};

export const QUEUE_SCHEMAS: Json = {
  Gate: fields({
    name: TEXT,
    open: { type: 'boolean' },
    value: NO_NUMBER,
    needs: { type: 'array', items: TEXT },
    by: NO_TEXT,
    at: NO_TIME,
  }),
};
