import { RUN_STATUSES } from '../../core/runs/run.ts';

type Json = Readonly<Record<string, unknown>>;

const TEXT: Json = { type: 'string' };
const NUMBER: Json = { type: 'integer' };
const YES_NO: Json = { type: 'boolean' };
const TIME: Json = { type: 'string', format: 'date-time' };
const ANY_OBJECT: Json = { type: 'object', additionalProperties: true };
const TEXTS: Json = { type: 'array', items: TEXT };

const orNull = (schema: Json): Json => ({ ...schema, type: [schema['type'], 'null'] });

/** Every field is always there, unless it is named as optional. */
const object = (properties: Json, optional: readonly string[] = []): Json => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

const VOTE = object({ personId: TEXT, name: TEXT, identity: TEXT, roles: TEXTS, at: TIME });

const OUTBOUND: Json = {
  body: TEXT,
  correlationId: TEXT,
  idempotencyKey: TEXT,
  channelId: TEXT,
  conversation: TEXT,
};

const JOB: Json = {
  title: TEXT,
  target: ANY_OBJECT,
  params: ANY_OBJECT,
  acts: TEXT,
  secrets: TEXTS,
  timeoutMs: NUMBER,
  heavy: YES_NO,
  effects: { enum: ['idempotent', 'unknown'] },
  retry: ANY_OBJECT,
  approval: ANY_OBJECT,
  requesters: TEXTS,
  priority: NUMBER,
  concurrency: orNull(NUMBER),
  window: ANY_OBJECT,
  preview: TEXTS,
};

const ALSO_JOB_FIELDS = 'The fields of a job are those of the configuration file: textops config schema.';

export const SCHEMAS: Json = {
  Problem: object(
    {
      type: TEXT,
      title: TEXT,
      status: NUMBER,
      detail: TEXT,
      code: { ...TEXT, description: 'Stable; made for programs.' },
      instance: TEXT,
      problems: TEXTS,
      refused: YES_NO,
      reason: TEXT,
    },
    ['problems', 'refused', 'reason'],
  ),
  Word: object({ status: TEXT, reason: TEXT }, ['reason']),
  Health: {
    ...object({ status: { enum: ['ok', 'degraded', 'down'] }, database: {}, queue: {} }),
    additionalProperties: true,
  },
  RunRequest: {
    ...object(
      {
        job: TEXT,
        jobKey: { ...TEXT, description: 'The same as job; one of the two is needed.' },
        params: { ...ANY_OBJECT, description: 'Values by name.' },
      },
      ['job', 'jobKey', 'params'],
    ),
    additionalProperties: false,
    anyOf: [{ required: ['job'] }, { required: ['jobKey'] }],
  },
  Run: object({
    runId: TEXT,
    jobKey: TEXT,
    jobVersion: NUMBER,
    title: TEXT,
    status: { enum: RUN_STATUSES },
    board: TEXT,
    createdAt: TIME,
    updatedAt: TIME,
    requestedByAddress: TEXT,
    requestedBy: TEXT,
    channelId: TEXT,
    conversationId: TEXT,
    params: ANY_OBJECT,
    defaulted: TEXTS,
    willRun: TEXT,
    heavy: YES_NO,
    epoch: NUMBER,
    digest: TEXT,
    attempt: orNull(NUMBER),
    workerId: orNull(TEXT),
    decideBy: orNull(TIME),
    startBy: orNull(TIME),
    summary: orNull(TEXT),
    lastError: orNull(TEXT),
    quorum: NUMBER,
    votes: { type: 'array', items: VOTE },
  }),
  Event: object({
    runId: TEXT,
    seq: NUMBER,
    type: TEXT,
    at: TIME,
    actor: TEXT,
    payload: ANY_OBJECT,
    hash: TEXT,
  }),
  Job: object({ key: TEXT, version: NUMBER, source: { enum: ['file', 'sample', 'api'] }, ...JOB }, [
    'acts',
    'window',
    'preview',
  ]),
  JobBody: {
    ...object({ key: TEXT }),
    additionalProperties: true,
    description: ALSO_JOB_FIELDS,
  },
  JobDiff: object({
    from: NUMBER,
    to: NUMBER,
    changes: {
      type: 'array',
      items: object({ path: TEXT, before: {}, after: {} }, ['before', 'after']),
      description: 'By path; a side without a value has nothing there.',
    },
  }),
  JobChange: { ...ANY_OBJECT, description: ALSO_JOB_FIELDS },
  DevMessage: object({ from: TEXT, conversation: TEXT, body: TEXT, providerMessageId: TEXT }, [
    'providerMessageId',
  ]),
  DevAnswer: object(
    {
      intentType: TEXT,
      jobKey: orNull(TEXT),
      runId: orNull(TEXT),
      dispatchedExecution: YES_NO,
      outbound: { type: 'array', items: object(OUTBOUND) },
      refused: YES_NO,
      reason: TEXT,
    },
    ['refused', 'reason'],
  ),
  DevOutbound: object({ id: NUMBER, ...OUTBOUND }),
};
