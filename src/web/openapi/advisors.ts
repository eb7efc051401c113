import { fields, type Json, json, listOf, operation } from './parts.ts';

const COUNT: Json = { type: 'integer' };

export const ADVISOR_PATHS: Json = {
  '/ai/status': {
    get: operation(
      'aiStatus',
      'Which advisors help, what was done without them, and how often they may still be asked',
      {},
      { 200: json('Of this process, since it began.', fields({ advisors: listOf('Advisor') })) },
    ),
  },
};

export const ADVISOR_SCHEMAS: Json = {
  Advisor: fields({
    advisor: { enum: ['parse', 'risk', 'summary'] },
    on: { type: 'boolean' },
    outcomes: fields({ answered: COUNT, late: COUNT, failed: COUNT, unusable: COUNT, limited: COUNT }),
    left: { ...COUNT, description: 'Questions left in this minute.' },
  }),
};
