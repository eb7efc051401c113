import { API_TOKEN_LENGTH_MIN, parseApiTokens } from './api-tokens.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { Env, type EnvName, type EnvValues } from './env-schema.ts';
import type { OidcSettings, Settings, SlackSettings, TelegramSettings, TwilioSettings } from './settings.ts';
import { didYouMean } from './suggest.ts';

export interface EnvProblem {
  readonly variable: string;
  readonly message: string;
}

export type EnvResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly EnvProblem[] }
  | {
      readonly ok: false;
      readonly problems: readonly EnvProblem[];
      readonly warnings: readonly EnvProblem[];
    };

/**
 * Read once, at the top. Every problem is found in one go, and no message repeats a secret. A variable that
 * is set to nothing counts as not set, because that is how `.env` files leave something out.
 */
export const readEnv = (env: Readonly<Record<string, string | undefined>>): EnvResult => {
  const given = Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = env[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const warnings = strangers(env);
  const parsed = Env.safeParse(given);
  if (parsed.success) {
    const problems = contradictions(parsed.data);
    return problems.length > 0
      ? { ok: false, problems, warnings }
      : { ok: true, settings: toSettings(parsed.data), warnings };
  }
  const problems = parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), message }));
  const bad = new Set(problems.map(({ variable }) => variable));
  // The good ones are still held against each other, so that one try shows everything.
  const good = Env.safeParse(Object.fromEntries(Object.entries(given).filter(([name]) => !bad.has(name))));
  const more = good.success ? contradictions(good.data, bad) : [];
  return { ok: false, problems: [...problems, ...more], warnings };
};

/** `HTTP_PORT: "99999" is not a whole number from 0 to 65535` */
export const envProblemLine = ({ variable, message }: EnvProblem): string => `${variable}: ${message}`;

export const NAMES = Object.keys(Env.shape) as EnvName[]; // Object.keys forgets what it knows about the keys

interface Rule {
  readonly about: readonly EnvName[];
  readonly breaks: (env: EnvValues) => boolean;
  readonly message: string;
}

const together = (one: EnvName, other: EnvName): readonly Rule[] =>
  [[one, other] as const, [other, one] as const].map(([set, missing]) => ({
    about: [missing, set],
    breaks: (env) => env[set] !== undefined && env[missing] === undefined,
    message: `missing; ${set} is set and needs it`,
  }));

const httpsOutside = (name: 'PUBLIC_URL' | 'OIDC_ISSUER'): Rule => ({
  about: [name],
  breaks: ({ [name]: at }) =>
    at !== undefined && new URL(at).protocol === 'http:' && !isLoopback(new URL(at).hostname),
  message: 'http is for loopback only; use https://',
});

/** The first variable of `about` is the one that the problem names. */
const RULES: readonly Rule[] = [
  {
    about: ['QUEUE', 'WORKER'],
    breaks: (env) => env.QUEUE === 'memory' && env.WORKER === 'separate',
    message: 'memory cannot be shared with WORKER=separate; use QUEUE=database or WORKER=in-process',
  },
  {
    about: ['HTTP_HOST', 'TEXTOPS_PROFILE'],
    breaks: (env) => env.TEXTOPS_PROFILE === 'dev' && !isLoopback(env.HTTP_HOST),
    message:
      'the dev profile listens on loopback only; use 127.0.0.1, ::1 or localhost, or TEXTOPS_PROFILE=production',
  },
  httpsOutside('PUBLIC_URL'),
  // Whoever can change an answer on its way could hand out keys of their own.
  httpsOutside('OIDC_ISSUER'),
  {
    about: ['API_TOKENS', 'TEXTOPS_PROFILE'],
    breaks: (env) =>
      env.TEXTOPS_PROFILE !== 'dev' &&
      parseApiTokens(env.API_TOKENS ?? '').some(
        ({ token }) => token !== '' && token.length < API_TOKEN_LENGTH_MIN,
      ),
    message: `outside the dev profile a token has at least ${API_TOKEN_LENGTH_MIN} characters`,
  },
  {
    about: ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'],
    breaks: (env) =>
      env.SLACK_BOT_TOKEN !== undefined &&
      env.SLACK_SIGNING_SECRET === undefined &&
      env.SLACK_APP_TOKEN === undefined,
    message:
      'nothing could be received with it alone; set SLACK_SIGNING_SECRET (webhooks) or SLACK_APP_TOKEN (Socket Mode)',
  },
  {
    about: ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'],
    breaks: (env) => env.SLACK_APP_TOKEN !== undefined && env.SLACK_BOT_TOKEN === undefined,
    message: 'it receives but cannot answer; set SLACK_BOT_TOKEN as well',
  },
  {
    about: ['PUBLIC_URL', 'SLACK_SIGNING_SECRET'],
    breaks: (env) =>
      env.SLACK_SIGNING_SECRET !== undefined &&
      env.SLACK_APP_TOKEN === undefined &&
      env.PUBLIC_URL === undefined,
    message: 'missing; Slack calls us there, because SLACK_SIGNING_SECRET is set and SLACK_APP_TOKEN is not',
  },
  {
    about: ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'],
    breaks: (env) =>
      env.SLACK_SIGNING_SECRET !== undefined &&
      env.SLACK_BOT_TOKEN === undefined &&
      env.SLACK_CLIENT_ID === undefined,
    message: 'it receives but cannot answer; set SLACK_BOT_TOKEN as well',
  },
  {
    about: ['SLACK_SIGNING_SECRET', 'SLACK_CLIENT_ID'],
    breaks: (env) => env.SLACK_CLIENT_ID !== undefined && env.SLACK_SIGNING_SECRET === undefined,
    message: 'missing; a workspace that installs the app calls us, and SLACK_CLIENT_ID is set',
  },
  {
    about: ['PUBLIC_URL', 'SLACK_CLIENT_ID'],
    breaks: (env) => env.SLACK_CLIENT_ID !== undefined && env.PUBLIC_URL === undefined,
    message: 'missing; workspaces install the app there, and SLACK_CLIENT_ID is set',
  },
  ...together('SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'),
  ...together('TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'),
  ...together('TWILIO_ACCOUNT_SID', 'TWILIO_FROM'),
  {
    about: ['PUBLIC_URL', 'TWILIO_ACCOUNT_SID'],
    breaks: (env) => env.TWILIO_ACCOUNT_SID !== undefined && env.PUBLIC_URL === undefined,
    message: 'missing; Twilio calls us there, and TWILIO_ACCOUNT_SID is set',
  },
  {
    about: ['PUBLIC_URL', 'TELEGRAM_WEBHOOK_SECRET'],
    breaks: (env) => env.TELEGRAM_WEBHOOK_SECRET !== undefined && env.PUBLIC_URL === undefined,
    message: 'missing; Telegram calls us there, and TELEGRAM_WEBHOOK_SECRET is set',
  },
  {
    about: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET'],
    breaks: (env) => env.TELEGRAM_WEBHOOK_SECRET !== undefined && env.TELEGRAM_BOT_TOKEN === undefined,
    message: 'missing; TELEGRAM_WEBHOOK_SECRET is set and needs it',
  },
  {
    about: ['TELEGRAM_WEBHOOK_SECRET', 'TEXTOPS_PROFILE'],
    breaks: ({ TELEGRAM_WEBHOOK_SECRET: secret, TEXTOPS_PROFILE: profile }) =>
      profile !== 'dev' && secret !== undefined && secret.length < API_TOKEN_LENGTH_MIN,
    message: `outside the dev profile it has at least ${API_TOKEN_LENGTH_MIN} characters`,
  },
  ...together('OIDC_ISSUER', 'OIDC_AUDIENCE'),
  ...together('OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'),
  {
    about: ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
    breaks: (env) => env.OIDC_CLIENT_ID !== undefined && env.OIDC_ISSUER === undefined,
    message: 'missing; OIDC_CLIENT_ID is set and needs it',
  },
];

const contradictions = (env: EnvValues, bad: ReadonlySet<string> = new Set()): EnvProblem[] =>
  RULES.filter(({ about, breaks }) => !about.some((name) => bad.has(name)) && breaks(env)).map(
    ({ about, message }) => ({ variable: about[0] ?? '', message }),
  );

const strangers = (env: Readonly<Record<string, string | undefined>>): EnvProblem[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('TEXTOPS_') && !NAMES.some((known) => known === name))
    .map((variable) => ({ variable, message: `unknown variable, ignored${didYouMean(variable, NAMES, 1)}` }));

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const toSettings = (env: EnvValues): Settings => {
  const database = parseDatabaseUrl(env.DATABASE_URL);
  if (database === undefined) throw new Error('DATABASE_URL was checked and cannot be read');
  const telegram = telegramOf(env);
  const slack = slackOf(env);
  const twilio = twilioOf(env);
  const oidc = oidcOf(env);
  return {
    profile: env.TEXTOPS_PROFILE,
    configFile: env.TEXTOPS_CONFIG,
    database,
    http: { host: env.HTTP_HOST, port: env.HTTP_PORT },
    worker: { mode: env.WORKER, concurrency: env.WORKER_CONCURRENCY },
    queue: env.QUEUE,
    leaseMs: env.LEASE_MS,
    sealKeyFile: env.SEAL_KEY_FILE,
    log: {
      level: env.LOG_LEVEL,
      format: env.LOG_FORMAT ?? (env.TEXTOPS_PROFILE === 'dev' ? 'pretty' : 'json'),
    },
    apiTokens: env.API_TOKENS === undefined ? [] : parseApiTokens(env.API_TOKENS),
    ...(env.PUBLIC_URL && { publicUrl: env.PUBLIC_URL.replace(/\/+$/, '') }),
    ...(telegram && { telegram }),
    ...(slack && { slack }),
    ...(twilio && { twilio }),
    ...(oidc && { oidc }),
    ...(env.OTEL_EXPORTER_OTLP_ENDPOINT && { otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT }),
    ...(env.TEST_DATABASE_URL && { testDatabaseUrl: env.TEST_DATABASE_URL }),
  };
};

const telegramOf = (env: EnvValues): TelegramSettings | undefined =>
  env.TELEGRAM_BOT_TOKEN === undefined
    ? undefined
    : {
        token: env.TELEGRAM_BOT_TOKEN,
        apiRoot: env.TELEGRAM_API_ROOT,
        ...(env.TELEGRAM_WEBHOOK_SECRET && { webhookSecret: env.TELEGRAM_WEBHOOK_SECRET }),
      };

const slackOf = (env: EnvValues): SlackSettings | undefined =>
  (env.SLACK_BOT_TOKEN ?? env.SLACK_SIGNING_SECRET ?? env.SLACK_CLIENT_ID) === undefined
    ? undefined
    : {
        apiRoot: env.SLACK_API_ROOT,
        ...(env.SLACK_BOT_TOKEN && { botToken: env.SLACK_BOT_TOKEN }),
        ...(env.SLACK_SIGNING_SECRET && { signingSecret: env.SLACK_SIGNING_SECRET }),
        ...(env.SLACK_APP_TOKEN && { appToken: env.SLACK_APP_TOKEN }),
        ...(env.SLACK_CLIENT_ID &&
          env.SLACK_CLIENT_SECRET && {
            oauth: { clientId: env.SLACK_CLIENT_ID, clientSecret: env.SLACK_CLIENT_SECRET },
          }),
      };

const twilioOf = (env: EnvValues): TwilioSettings | undefined =>
  env.TWILIO_ACCOUNT_SID && env.TWILIO_AUTH_TOKEN && env.TWILIO_FROM
    ? {
        accountSid: env.TWILIO_ACCOUNT_SID,
        authToken: env.TWILIO_AUTH_TOKEN,
        from: env.TWILIO_FROM,
        apiRoot: env.TWILIO_API_ROOT,
      }
    : undefined;

const oidcOf = (env: EnvValues): OidcSettings | undefined =>
  env.OIDC_ISSUER && env.OIDC_AUDIENCE
    ? {
        issuer: env.OIDC_ISSUER,
        audience: env.OIDC_AUDIENCE,
        ...(env.OIDC_CLIENT_ID &&
          env.OIDC_CLIENT_SECRET && {
            client: { id: env.OIDC_CLIENT_ID, secret: env.OIDC_CLIENT_SECRET },
          }),
      }
    : undefined;
