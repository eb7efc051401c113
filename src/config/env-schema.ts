import { z } from 'zod';
import { apiTokensProblem } from './api-tokens.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { notOneOf, quoted } from './suggest.ts';

/** `WORKER: "seperate" is not …`: one of a few words. */
const word = <const W extends readonly [string, ...string[]]>(...allowed: W) =>
  z.enum(allowed, { error: (issue) => notOneOf(String(issue.input), allowed) });

const whole = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: (issue) => `${quoted(String(issue.input))} is not a whole number from ${min} to ${max}`,
    })
    .transform(Number);

/** Checked by shape only, and the value is never repeated: these are secrets or contain one. */
const secret = (shape: RegExp, expected: string) =>
  z.string().regex(shape, { error: `the value does not look right; expected ${expected}` });

const url = (...protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `not a usable address; expected one that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });

const HTTP = ['https:', 'http:'] as const;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const databaseUrl = z.string().refine((text) => parseDatabaseUrl(text) !== undefined, {
  error: 'expected file:PATH, :memory: or postgres://USER:PASSWORD@HOST/NAME',
});

/** Exactly the variables of the product. The descriptions are the sentences of `.env.example`. */
export const Env = z.object({
  TEXTOPS_PROFILE: word('dev', 'production')
    .default('dev')
    .describe(
      'dev answers on this machine only and lets you approve your own runs; production does neither.',
    ),
  TEXTOPS_CONFIG: z
    .string()
    .default('./textops.yaml')
    .describe(
      'The catalog of jobs, schedules and people, .yaml or .toml; without the file, samples are used.',
    ),
  DATABASE_URL: databaseUrl
    .default('file:./data/textops.db')
    .describe(
      'file:PATH for SQLite, :memory: to forget everything at the end, or postgres://… for PostgreSQL.',
    ),
  HTTP_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('The address to listen on; the dev profile takes loopback addresses only.'),
  HTTP_PORT: whole(0, 65_535).default(5048).describe('The port to listen on; 0 lets the system choose one.'),
  PUBLIC_URL: url(...HTTP)
    .optional()
    .describe('How providers and browsers reach this instance from outside, https; only webhooks need it.'),
  TELEGRAM_BOT_TOKEN: secret(/^\d+:[\w-]{30,}$/, 'NUMBER:LETTERS as @BotFather gives it')
    .optional()
    .describe('The token from @BotFather; without it there is no Telegram channel.'),
  TELEGRAM_API_ROOT: url(...HTTP)
    .default('https://api.telegram.org')
    .describe('Change it only for a Bot API server of your own.'),
  SLACK_BOT_TOKEN: secret(/^xoxb-\S+$/, 'xoxb-…')
    .optional()
    .describe(
      'The bot token of the Slack app; it needs SLACK_APP_TOKEN (a socket) or SLACK_SIGNING_SECRET (its calls).',
    ),
  SLACK_SIGNING_SECRET: secret(/^\S{8,}$/, 'at least 8 characters without spaces')
    .optional()
    .describe('Proves that a webhook really comes from Slack; without it there are no Slack webhooks.'),
  SLACK_APP_TOKEN: secret(/^xapp-\S+$/, 'xapp-…')
    .optional()
    .describe('Lets Slack be reached over Socket Mode, without a public address.'),
  SLACK_API_ROOT: url(...HTTP)
    .default('https://slack.com/api/')
    .describe('Change it only for tests or a proxy.'),
  TWILIO_ACCOUNT_SID: secret(/^AC\w{8,}$/, 'AC followed by letters and digits')
    .optional()
    .describe(
      'The Twilio account for text messages; it needs PUBLIC_URL. Without it there is no SMS channel.',
    ),
  TWILIO_AUTH_TOKEN: secret(/^\S{8,}$/, 'at least 8 characters without spaces')
    .optional()
    .describe('The secret of that account; it also proves that a webhook really comes from Twilio.'),
  TWILIO_FROM: z
    .string()
    .regex(/^(?:\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$/, {
      error: 'not a phone number; expected +491701234567, or a messaging service MG…',
    })
    .optional()
    .describe(
      'The number that text messages are sent from, with + and country code, or a messaging service (MG…).',
    ),
  TWILIO_API_ROOT: url(...HTTP)
    .default('https://api.twilio.com')
    .describe('Change it only for tests or a proxy.'),
  WORKER: word('in-process', 'separate')
    .default('in-process')
    .describe('in-process runs jobs inside "textops start"; separate leaves them to "textops worker".'),
  WORKER_CONCURRENCY: whole(1, 256).default(4).describe('How many jobs one worker runs at the same time.'),
  QUEUE: word('database', 'memory')
    .default('database')
    .describe('memory saves the polling in development and cannot be shared with a separate worker.'),
  LEASE_MS: whole(1000, 3_600_000)
    .default(30_000)
    .describe('After this many milliseconds of silence a worker counts as lost.'),
  LOG_LEVEL: word(...LEVELS)
    .default('info')
    .describe('trace, debug, info, warn, error, fatal or silent.'),
  LOG_FORMAT: word('pretty', 'json')
    .optional()
    .describe('pretty or json; left empty it is pretty in the dev profile and json otherwise.'),
  TELEGRAM_WEBHOOK_SECRET: secret(/^[\w-]{1,256}$/, 'letters, digits, _ and - only, at most 256')
    .optional()
    .describe(
      'Set it to be called by Telegram at PUBLIC_URL, 32 characters outside dev; left empty, TextOps asks for news.',
    ),
  SLACK_CLIENT_ID: secret(/^\S+$/, 'no spaces')
    .optional()
    .describe('Only if workspaces install the Slack app themselves; goes with SLACK_CLIENT_SECRET.'),
  SLACK_CLIENT_SECRET: secret(/^\S+$/, 'no spaces')
    .optional()
    .describe('The secret that belongs to SLACK_CLIENT_ID.'),
  OIDC_ISSUER: url(...HTTP)
    .optional()
    .describe(
      'Its signed tokens (JWT) are taken over HTTP, from people with web:SUBJECT; exactly as it names itself.',
    ),
  OIDC_AUDIENCE: z
    .string()
    .optional()
    .describe('What those tokens must name as their audience; goes with OIDC_ISSUER.'),
  OIDC_CLIENT_ID: z
    .string()
    .optional()
    .describe('Lets people sign in to the console there; the callback is PUBLIC_URL/login/oidc/callback.'),
  OIDC_CLIENT_SECRET: secret(/^\S+$/, 'no spaces')
    .optional()
    .describe('The secret that belongs to OIDC_CLIENT_ID.'),
  API_TOKENS: z
    .string()
    .superRefine((text, context) => {
      const message = apiTokensProblem(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe(
      'NAME:ROLE:TOKEN, more after a comma, 32 characters outside dev; "textops token create" makes better ones.',
    ),
  SEAL_KEY_FILE: z
    .string()
    .default('./data/seal.key')
    .describe('The private key (Ed25519, PEM) that signs the seals over the history; made at its first use.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(...HTTP)
    .optional()
    .describe('Where traces are sent (OTLP over HTTP), such as http://localhost:4318; left empty, none are.'),
  TEST_DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .describe('A PostgreSQL server for "npm test" only; left empty, the tests start one of their own.'),
});

export type EnvValues = z.output<typeof Env>;
export type EnvName = keyof EnvValues;
