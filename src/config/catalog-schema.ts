import { z } from 'zod';
import {
  bound,
  CHAT,
  CLOCK,
  CRON,
  DAY,
  duration,
  ENV_NAME,
  HEADER_NAME,
  HTTP_URL,
  IDENTITY,
  KEY,
  PARAM_NAME,
  PERSON_OR_ROLE,
  ROLE,
  SECRET_NAME,
  scalar,
  TIMEZONE,
  word,
} from './catalog-fields.ts';

const Param = z.strictObject({
  type: word('string', 'integer', 'number', 'boolean', 'duration')
    .default('string')
    .describe('What a value of this parameter is.'),
  enum: z.array(scalar).min(1).max(100).optional().describe('The only values that are accepted.'),
  min: bound.optional().describe('The smallest integer, number or duration.'),
  max: bound.optional().describe('The largest integer, number or duration.'),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A regular expression that the whole text must match.'),
  maxLength: z.int().min(1).max(4000).optional().describe('The longest text, in characters.'),
  required: z.boolean().optional().describe('Whether a value must be given; true unless there is a default.'),
  default: scalar.optional().describe('The value when none is given.'),
  allowDash: z
    .boolean()
    .optional()
    .describe('Accept text that begins with "-", which programs may take as an option.'),
});

const Escalate = z.strictObject({
  after: duration(30 * DAY, '30d').describe('How long to wait for an answer first.'),
  to: z
    .string()
    .min(1)
    .describe('Who is told then: role:NAME, a person, or a chat such as telegram:-1001234567890.'),
});

const Approval = z.strictObject({
  policy: word('required', 'never')
    .default('required')
    .describe('never runs at once, without a decision; it is refused for heavy jobs.'),
  quorum: z.int().min(1).max(20).default(1).describe('How many different people must say yes.'),
  approvers: z.array(PERSON_OR_ROLE).max(100).default(['role:approver']).describe('Who may decide.'),
  needs: z
    .array(
      z.strictObject({
        role: ROLE.describe('The role that must be covered.'),
        count: z.int().min(1).max(20).default(1).describe('By how many different people.'),
      }),
    )
    .max(20)
    .default([])
    .describe('Roles that must be among those who said yes, each covered by different people.'),
  self: z
    .boolean()
    .optional()
    .describe('Whether the person who asked may decide too; no, unless in the dev profile.'),
  decideBy: duration(30 * DAY, '30d')
    .default('30m')
    .describe('No answer in this time means no.'),
  startBy: duration(30 * DAY, '30d')
    .default('30m')
    .describe('An approval that is not used in this time lapses.'),
  remind: duration(30 * DAY, '30d')
    .optional()
    .describe('How long before the end approvers are reminded.'),
  escalate: Escalate.optional().describe('Who else is told when nobody answers.'),
});

const Retry = z.strictObject({
  attempts: z.int().min(1).max(100).default(1).describe('How often it is tried, the first time included.'),
  backoff: duration(DAY, '1d')
    .default('10s')
    .describe('The wait before the second attempt; it doubles after that.'),
  max: duration(DAY, '1d')
    .optional()
    .describe('The longest wait between two attempts; 5m unless backoff is longer.'),
});

const Window = z.strictObject({
  days: z
    .array(word('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'))
    .min(1)
    .default(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
    .describe('The days on which it may start.'),
  from: CLOCK.describe('From this time of day.'),
  to: CLOCK.describe('Until this time of day; earlier than "from" means the next morning.'),
  timezone: TIMEZONE.default('UTC').describe('The time zone of both, such as Europe/Berlin.'),
});

const Http = z.strictObject({
  method: word('GET', 'POST', 'PUT', 'PATCH', 'DELETE')
    .default('POST')
    .describe('The method of the request.'),
  url: HTTP_URL.describe('Where it goes, http or https.'),
  headers: z.record(HEADER_NAME, z.string()).default({}).describe('Extra headers.'),
  body: z.json().optional().describe('Sent as JSON; "{name}" as a whole value stands for that parameter.'),
});

const Demo = z.strictObject({
  behaviour: word('succeed', 'slow', 'flaky').optional().describe('How the built-in demonstration behaves.'),
});

/** One job as the file or an HTTP body spells it. */
export const FileJob = z.strictObject({
  title: z.string().min(1).max(120).optional().describe('What it does, in words for the card.'),
  command: z
    .array(z.string())
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Program and arguments, never a shell; "{name}" as a whole argument stands for that parameter.',
    ),
  http: Http.optional().describe('A request instead of a command.'),
  demo: Demo.optional().describe('The built-in demonstration instead of a command.'),
  cwd: z.string().min(1).optional().describe('The folder that the command runs in.'),
  env: z.array(ENV_NAME).max(100).optional().describe('Environment variables that the command may inherit.'),
  secrets: z.array(SECRET_NAME).max(50).default([]).describe('Names of secrets that the job is given.'),
  target: z.string().min(1).max(120).optional().describe('What it acts on, in words for the card.'),
  params: z.record(PARAM_NAME, Param).default({}).describe('What can be said behind "run JOB".'),
  timeout: duration(7 * DAY, '7d')
    .default('10m')
    .describe('An attempt that takes longer is stopped.'),
  heavy: z
    .boolean()
    .default(false)
    .describe('Approving does not start it; somebody has to start it as well.'),
  effects: word('idempotent', 'unknown')
    .optional()
    .describe(
      'idempotent: doing it twice does no harm, so a lost attempt is rerun; otherwise a person is asked.',
    ),
  retry: Retry.optional().describe(
    'Trying again after a failure; more than one attempt needs a light job and effects: idempotent.',
  ),
  approval: Approval.optional().describe('Who decides, and in what time.'),
  requesters: z.array(PERSON_OR_ROLE).max(100).default(['role:operator']).describe('Who may ask for it.'),
  priority: z.int().min(-1000).max(1000).default(0).describe('Larger is sooner.'),
  concurrency: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('How many runs of it may execute at the same time.'),
  window: Window.optional().describe('Days and hours in which a heavy job may start.'),
  preview: z
    .array(z.string())
    .min(1)
    .max(200)
    .optional()
    .describe('A harmless command whose output approvers see first.'),
});

export const FileSchedule = z.strictObject({
  job: z.string().min(1).describe('The job that is asked for.'),
  cron: CRON.describe('When: minute, hour, day, month, weekday, such as "0 2 * * *".'),
  timezone: TIMEZONE.default('UTC').describe('The time zone of these times, such as Europe/Berlin.'),
  chat: CHAT.describe('The conversation that is asked, such as telegram:-1001234567890.'),
  params: z.record(z.string(), scalar).default({}).describe('Values for the parameters of the job.'),
  decideBy: duration(30 * DAY, '30d')
    .optional()
    .describe("Replaces the job's own decideBy."),
  overlap: word('skip', 'queue', 'allow')
    .default('skip')
    .describe('What happens when the last run of this schedule has not ended yet.'),
  escalate: Escalate.optional().describe('Who else is told when nobody answers.'),
});

export const FilePerson = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('As cards say it; the key with a capital letter otherwise.'),
  identities: z.array(IDENTITY).min(1).max(20).describe('Where this person writes from.'),
  roles: z
    .array(ROLE)
    .max(20)
    .default([])
    .describe('owner, approver, operator, requester, viewer, or one a policy uses.'),
  timezone: TIMEZONE.optional().describe('The time zone in which this person reads times.'),
});

const Ops = z
  .strictObject({
    chat: CHAT.optional().describe('The conversation that hears about trouble.'),
    seals: z
      .boolean()
      .default(false)
      .describe('Tell there, at most once an hour, the newest seal over the history.'),
    ping: HTTP_URL.optional().describe(
      'Called every minute while all is well, for a program elsewhere that rings when it hears nothing.',
    ),
  })
  .refine(({ chat, seals }) => chat !== undefined || !seals, {
    path: ['seals'],
    error: 'seals are told in a chat; name it as ops.chat',
  });

const ADVISOR = word('off', 'house');

export const FileCatalog = z.strictObject({
  jobs: z.record(KEY, FileJob).default({}).describe('What can be run.'),
  schedules: z.record(KEY, FileSchedule).default({}).describe('What is asked for by the clock.'),
  people: z.record(KEY, FilePerson).default({}).describe('Who may ask and who may decide.'),
  ops: Ops.optional().describe('Where the instance itself reports trouble.'),
  otel: z
    .strictObject({
      trace_mode: word('one', 'linked')
        .default('one')
        .describe('one: a run is one trace. linked: each phase of it is one, linked to the request.'),
    })
    .prefault({})
    .describe('How traces are told; where they are sent says OTEL_EXPORTER_OTLP_ENDPOINT.'),
  advisors: z
    .strictObject({
      parse: ADVISOR.default('house').describe(
        'Reads words that no command begins with, and shows what it read.',
      ),
      // A warning is an event of the run, and a plain run leaves exactly the events that everybody counts on.
      risk: ADVISOR.default('off').describe('Warns on the card of an unusual request.'),
      summary: ADVISOR.default('house').describe('Tells a run in one line for "summary ID".'),
    })
    .prefault({})
    .describe('Who advises: the rules of thumb of the house, or nobody. Advice decides and starts nothing.'),
});

export type FileParam = z.output<typeof Param>;
export type FileOps = z.output<typeof Ops>;
export type FileJob = z.output<typeof FileJob>;
export type FileSchedule = z.output<typeof FileSchedule>;
export type FilePerson = z.output<typeof FilePerson>;

/** For editors: `# yaml-language-server: $schema=…` at the top of the file. */
export const configJsonSchema = () => z.toJSONSchema(FileCatalog, { io: 'input', target: 'draft-2020-12' });
