import { body, fields, type Json, json, listOf, of, operation, parameter, TEXT } from './parts.ts';

const TIME: Json = { type: 'string', format: 'date-time' };
const NO_TIME: Json = { type: ['string', 'null'], format: 'date-time' };
const NO_TEXT: Json = { type: ['string', 'null'] };

const orNull = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });

const KEY = parameter('path', 'key', 'The key of a schedule.', TEXT);
const ONE = fields({ schedule: of('Schedule') });

/** What is asked for by the clock. */
export const SCHEDULE_PATHS: Json = {
  '/schedules': {
    get: operation(
      'listSchedules',
      'What is asked for by the clock, as far as the caller may know of the jobs',
      {},
      { 200: json('By key, 1000 at most.', fields({ schedules: listOf('Schedule') })) },
    ),
    post: operation(
      'createSchedule',
      'Add a schedule; it asks in its chat and decides nothing',
      { requestBody: body(of('ScheduleBody')) },
      { 201: json('The schedule.', ONE) },
    ),
  },
  '/schedules/{key}': {
    get: operation(
      'showSchedule',
      'One schedule',
      { parameters: [KEY] },
      { 200: json('The schedule.', ONE) },
    ),
    put: operation(
      'changeSchedule',
      'Replace its definition; a new timing begins now, and a pause stays',
      { parameters: [KEY], requestBody: body(of('ScheduleChange')) },
      { 200: json('The schedule.', ONE) },
    ),
  },
};

/** As in the configuration file. */
const DEFINITION: Json = {
  job: TEXT,
  cron: { ...TEXT, description: 'Minute, hour, day, month, weekday; not more often than once a minute.' },
  timezone: { ...TEXT, default: 'UTC' },
  chat: TEXT,
  params: { type: 'object' },
  decideBy: { ...TEXT, description: 'A duration such as 1h.' },
  overlap: { enum: ['skip', 'queue', 'allow'], default: 'skip' },
  escalate: fields({ after: TEXT, to: TEXT }),
};

const definition = (properties: Json, required: readonly string[]): Json => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

export const SCHEDULE_SCHEMAS: Json = {
  ScheduleBody: definition({ key: TEXT, ...DEFINITION }, ['key', 'job', 'cron', 'chat']),
  ScheduleChange: definition({ key: TEXT, ...DEFINITION }, ['job', 'cron', 'chat']),
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
    decideBy: NO_TEXT,
    escalate: orNull(fields({ after: TEXT, to: TEXT })),
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
