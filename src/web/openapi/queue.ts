import { body, fields, type Json, json, listOf, of, operation, parameter, TEXT } from './parts.ts';

const NO_TEXT: Json = { type: ['string', 'null'] };
const NO_NUMBER: Json = { type: ['integer', 'null'] };
const NO_TIME: Json = { type: ['string', 'null'], format: 'date-time' };

const LETTER_ID = parameter('path', 'id', 'j12, i7 or o9, as the list names it.', TEXT);
const HANDLED = fields({ deadLetter: of('DeadLetter'), said: TEXT });

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
  '/dead-letters': {
    get: operation(
      'listDeadLetters',
      'What was given up on and not dealt with yet, as far as the caller may know of it',
      {},
      { 200: json('Newest first, 100 at most.', fields({ deadLetters: listOf('DeadLetter') })) },
    ),
  },
  '/dead-letters/{id}/replay': {
    post: operation(
      'replayDeadLetter',
      'A message once more; a run asks again and starts nothing by itself',
      { parameters: [LETTER_ID] },
      { 200: json('Done.', HANDLED) },
    ),
  },
  '/dead-letters/{id}/drop': {
    post: operation(
      'dropDeadLetter',
      'Give it up for good',
      { parameters: [LETTER_ID], requestBody: body(of('DropReason')) },
      { 200: json('Done.', HANDLED) },
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
  DeadLetter: fields({
    id: TEXT,
    kind: { enum: ['job', 'inbound', 'outbound'] },
    about: { ...TEXT, description: 'A run, the lane a message came in on, or the address it should go to.' },
    runId: NO_TEXT,
    jobKey: NO_TEXT,
    attempts: { type: 'integer' },
    error: TEXT,
    at: { type: 'string', format: 'date-time' },
    replayable: { type: 'boolean' },
  }),
  DropReason: { ...fields({ reason: TEXT }), additionalProperties: false },
};
