import { fields, type Json, json, listOf, operation, TEXT } from './openapi-parts.ts';

const TIME: Json = { type: 'string', format: 'date-time' };
const NO_TIME: Json = { type: ['string', 'null'], format: 'date-time' };
const NO_TEXT: Json = { type: ['string', 'null'] };

const orNull = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });

/** What is asked for by the clock. */
export const SCHEDULE_PATHS: Json = {
  '/schedules': {
    get: operation(
      'listSchedules',
      'What is asked for by the clock, as far as the caller may know of the jobs',
      {},
      { 200: json('By key, 1000 at most.', fields({ schedules: listOf('Schedule') })) },
    ),
  },
};

export const SCHEDULE_SCHEMAS: Json = {
  Schedule: fields({
    key: TEXT,
    job: TEXT,
    cron: TEXT,
    timezone: TEXT,
    words: {
      ...TEXT,
      description: 'The expression as people say it: every Monday at 08:00 (Europe/Berlin).',
    },
    chat: TEXT,
    params: { type: 'object' },
    overlap: { enum: ['skip', 'queue', 'allow'] },
    source: { enum: ['file', 'chat', 'api'] },
    next: NO_TIME,
    snoozedFrom: { ...NO_TIME, description: 'When it was due, if somebody put it off.' },
    upcoming: { type: 'array', items: TIME },
    waitingFor: { ...NO_TIME, description: 'An occurrence that waits until the run before it has ended.' },
    paused: orNull(fields({ by: TEXT, at: TIME })),
    last: orNull(
      fields({
        dueAt: TIME,
        outcome: { enum: ['asked', 'skipped', 'missed'] },
        at: TIME,
        runId: NO_TEXT,
        runStatus: NO_TEXT,
        times: { type: ['integer', 'null'] },
        because: NO_TEXT,
      }),
    ),
  }),
};
