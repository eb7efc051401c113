import { RUN_STATUSES } from '../../core/runs/run.ts';
import type { Route, WebDeps } from '../web-deps.ts';
import { schemesOf, withAccess } from './access.ts';
import { ADVISOR_PATHS, ADVISOR_SCHEMAS } from './advisors.ts';
import { body, fields, type Json, json, listOf, of, operation, parameter, TEXT } from './parts.ts';
import { QUEUE_PATHS, QUEUE_SCHEMAS } from './queue.ts';
import { SCHEDULE_PATHS, SCHEDULE_SCHEMAS } from './schedules.ts';
import { SCHEMAS } from './schemas.ts';

/** The routes of this file are the routes of the program; a test compares the two. What each takes, the routes say. */
export const openApi = (
  { profile, rooms, identityProvider }: Pick<WebDeps, 'profile' | 'rooms' | 'identityProvider'>,
  routes: readonly Route[],
): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'TextOps',
    version: rooms.house.version,
    description:
      'Start real work from a phone, with a decision on record. Errors are problem documents (RFC 9457).',
  },
  paths: withAccess(
    {
      ...PATHS,
      ...VERSION_PATHS,
      ...SCHEDULE_PATHS,
      ...QUEUE_PATHS,
      ...ADVISOR_PATHS,
      ...(profile === 'dev' ? DEV_PATHS : {}),
    },
    routes,
  ),
  components: {
    securitySchemes: schemesOf(identityProvider),
    schemas: { ...SCHEMAS, ...SCHEDULE_SCHEMAS, ...QUEUE_SCHEMAS, ...ADVISOR_SCHEMAS },
  },
  security: [
    ...Object.keys(schemesOf(identityProvider)).map((name) => ({ [name]: [] })),
    // In the dev profile nobody on the machine itself needs one.
    ...(profile === 'dev' ? [{}] : []),
  ],
});

const NEXT: Json = { type: ['string', 'null'] };
const RUN_ID = parameter('path', 'id', 'The id of a run; upper or lower case.', TEXT);
const JOB_KEY = parameter('path', 'key', 'The key of a job.', TEXT);

const FILTERS = [
  parameter('query', 'status', 'One or more, separated by commas.', {
    type: 'array',
    items: { enum: RUN_STATUSES },
  }),
  parameter('query', 'job', 'The key of a job.', TEXT),
  parameter('query', 'limit', 'Runs on a page.', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  parameter('query', 'cursor', 'nextCursor of the page before.', TEXT),
];

const PATHS: Json = {
  '/': {
    get: operation(
      'front',
      'Says that it is running',
      {},
      {
        200: { description: 'Three lines.', content: { 'text/plain': { schema: TEXT } } },
      },
    ),
  },
  '/openapi.json': {
    get: operation('openapi', 'This document', {}, { 200: json('This.', { type: 'object' }) }),
  },
  '/health': {
    get: operation(
      'health',
      'Everything, with reasons; without a token and from afar only the words',
      {},
      {
        200: json('It works; "degraded" means that somebody should look.', of('Health')),
        503: json('It does not.', of('Health')),
      },
    ),
  },
  '/health/live': {
    get: operation('live', 'Whether the process answers at all', {}, { 200: json('It does.', of('Word')) }),
  },
  '/health/ready': {
    get: operation(
      'ready',
      'Whether it takes requests',
      {},
      {
        200: json('It does.', of('Word')),
        503: json('Not now.', of('Word')),
      },
    ),
  },
  '/metrics': {
    get: operation(
      'metrics',
      'The figures of this process, for Prometheus',
      {},
      {
        200: { description: 'Text format 0.0.4.', content: { 'text/plain': { schema: TEXT } } },
      },
    ),
  },
  '/runs': {
    get: operation(
      'listRuns',
      'Runs, the newest first',
      { parameters: FILTERS },
      {
        200: json('A page.', fields({ runs: listOf('Run'), nextCursor: NEXT })),
      },
    ),
    post: operation(
      'requestRun',
      'Ask for a run; the same key again answers with the same run',
      {
        parameters: [
          parameter('header', 'Idempotency-Key', 'New for every run you want.', {
            type: 'string',
            minLength: 1,
            maxLength: 200,
          }),
          {
            ...parameter(
              'header',
              'traceparent',
              'The trace that you are in (W3C); the run links to it.',
              TEXT,
            ),
            required: false,
          },
        ],
        requestBody: body(of('RunRequest')),
      },
      {
        201: json(
          'The run, and in words whether anybody is asked about it.',
          fields({ run: of('Run'), said: { type: 'string' } }),
        ),
      },
    ),
  },
  '/runs/{id}': {
    get: operation(
      'showRun',
      'A run and its history',
      { parameters: [RUN_ID] },
      {
        200: json('The run.', fields({ run: of('Run'), events: listOf('Event') })),
      },
    ),
  },
  '/jobs': {
    get: operation(
      'listJobs',
      'The catalog',
      {},
      { 200: json('All jobs.', fields({ jobs: listOf('Job') })) },
    ),
    post: operation(
      'createJob',
      'Add a job',
      { requestBody: body(of('JobBody')) },
      {
        201: json('The job.', fields({ job: of('Job') })),
      },
    ),
  },
  '/jobs/{key}': {
    get: operation(
      'showJob',
      'A job and its versions',
      { parameters: [JOB_KEY] },
      {
        200: json('The job.', fields({ job: of('Job'), versions: listOf('Job') })),
      },
    ),
    put: operation(
      'changeJob',
      'Make a new version; runs that exist keep theirs',
      { parameters: [JOB_KEY], requestBody: body(of('JobChange')) },
      { 200: json('The job.', fields({ job: of('Job') })) },
    ),
  },
};

const VERSION: Json = { type: 'integer', minimum: 1 };

const VERSION_PATHS: Json = {
  '/jobs/{key}/versions': {
    get: operation(
      'listVersions',
      'Every version of a job, and what changed between two of them; the last two unless said otherwise',
      {
        parameters: [
          JOB_KEY,
          parameter('query', 'from', 'The older version.', VERSION),
          parameter('query', 'to', 'The newer one.', VERSION),
        ],
      },
      {
        200: json('Oldest first.', fields({ versions: listOf('Job'), diff: of('JobDiff') })),
      },
    ),
  },
};

const DEV_PATHS: Json = {
  '/dev/inbound': {
    post: operation(
      'say',
      'Say something as anybody; this machine only',
      { requestBody: body(of('DevMessage')) },
      { 200: json('What became of it.', of('DevAnswer')) },
    ),
  },
  '/dev/outbound': {
    get: operation(
      'hear',
      'Hear what came later; waits for it when "after" is given',
      {
        parameters: [
          { ...parameter('query', 'conversation', 'Where.', TEXT), required: true },
          parameter('query', 'after', 'The number of the answer before.', { type: 'integer' }),
        ],
      },
      { 200: json('Messages.', fields({ outbound: listOf('DevOutbound'), after: { type: 'integer' } })) },
    ),
  },
};
