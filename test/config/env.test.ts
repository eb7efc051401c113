import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envProblemLine, NAMES, readEnv } from '../../src/config/env.ts';
import { envExample } from '../../src/config/env-example.ts';

const TOKEN = `123456789:${'A'.repeat(35)}`;

const problemsOf = (env: Record<string, string>): string[] => {
  const result = readEnv(env);
  return result.ok ? [] : result.problems.map(envProblemLine);
};

const settingsOf = (env: Record<string, string>) => {
  const result = readEnv(env);
  if (!result.ok) throw new Error(result.problems.map(envProblemLine).join('\n'));
  return result.settings;
};

describe('an environment that says nothing', () => {
  test('starts in the dev profile, on loopback, on one file', () => {
    expect(settingsOf({})).toEqual({
      profile: 'dev',
      configFile: './textops.yaml',
      database: { dialect: 'sqlite', file: './data/textops.db' },
      http: { host: '127.0.0.1', port: 5048 },
      worker: { mode: 'in-process', concurrency: 4 },
      queue: 'database',
      leaseMs: 30_000,
      sealKeyFile: './data/seal.key',
      log: { level: 'info', format: 'pretty' },
      apiTokens: [],
    });
  });

  test('a variable set to nothing is not set', () => {
    expect(settingsOf({ HTTP_PORT: '', TELEGRAM_BOT_TOKEN: '', QUEUE: '' })).toEqual(settingsOf({}));
  });
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

  test('is what the schema says, word for word', () => {
    expect(text).toBe(envExample());
  });

  test('lists exactly the variables that are read', () => {
    expect(Object.keys(parseEnv(text)).toSorted()).toEqual([...NAMES].toSorted());
    expect(NAMES).toHaveLength(33);
  });

  test('copied as it is, it changes nothing', () => {
    const copied = Object.fromEntries(Object.entries(parseEnv(text)).map(([k, v]) => [k, v ?? '']));
    expect(settingsOf(copied)).toEqual(settingsOf({}));
  });
});

describe('good values', () => {
  test.each([
    ['file:/var/lib/textops.db', { dialect: 'sqlite', file: '/var/lib/textops.db' }],
    ['file:///var/lib/textops.db', { dialect: 'sqlite', file: '/var/lib/textops.db' }],
    [':memory:', { dialect: 'sqlite', file: ':memory:' }],
    ['postgres://u:p@db/x', { dialect: 'pg', url: 'postgres://u:p@db/x' }],
    ['postgresql://u:p@db/x', { dialect: 'pg', url: 'postgresql://u:p@db/x' }],
  ])('DATABASE_URL=%s', (url, database) => {
    expect(settingsOf({ DATABASE_URL: url }).database).toEqual(database);
  });

  test('a channel exists as soon as its secrets do', () => {
    const settings = settingsOf({
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_WEBHOOK_SECRET: 'abc_DEF-1',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: '0123456789abcdef',
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'abc',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: '0123456789abcdef',
      TWILIO_FROM: '+491701234567',
      PUBLIC_URL: 'https://ops.example.org',
      OIDC_ISSUER: 'https://id.example.com',
      OIDC_AUDIENCE: 'textops',
      OIDC_CLIENT_ID: 'console',
      OIDC_CLIENT_SECRET: 'abc',
    });
    expect(settings).toMatchObject({
      telegram: { token: TOKEN, apiRoot: 'https://api.telegram.org', webhookSecret: 'abc_DEF-1' },
      slack: {
        botToken: 'xoxb-1',
        signingSecret: '0123456789abcdef',
        apiRoot: 'https://slack.com/api/',
        oauth: { clientId: '1.2', clientSecret: 'abc' },
      },
      twilio: { from: '+491701234567', apiRoot: 'https://api.twilio.com' },
      oidc: { issuer: 'https://id.example.com', client: { id: 'console', secret: 'abc' } },
    });
  });

  test('production logs JSON, may listen everywhere, and needs long tokens', () => {
    const settings = settingsOf({
      TEXTOPS_PROFILE: 'production',
      HTTP_HOST: '0.0.0.0',
      PUBLIC_URL: 'https://ops.example.com/',
      API_TOKENS: `ci:requester:${'k'.repeat(32)}, board:viewer:a:${'k'.repeat(32)}`,
    });
    expect(settings).toMatchObject({
      log: { format: 'json' },
      http: { host: '0.0.0.0' },
      publicUrl: 'https://ops.example.com',
      apiTokens: [
        { name: 'ci', role: 'requester', token: 'k'.repeat(32) },
        { name: 'board', role: 'viewer', token: `a:${'k'.repeat(32)}` },
      ],
    });
  });

  test.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('the dev profile may listen on %s', (host) => {
    expect(settingsOf({ HTTP_HOST: host }).http.host).toBe(host);
  });

  test('http is good enough for a public address on loopback', () => {
    expect(settingsOf({ PUBLIC_URL: 'http://localhost:5048' }).publicUrl).toBe('http://localhost:5048');
  });
});

describe('bad values', () => {
  test.each<[Record<string, string>, string]>([
    [
      { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: 'abc_DEF-1' },
      'PUBLIC_URL: missing; Telegram calls us there, and TELEGRAM_WEBHOOK_SECRET is set',
    ],
    [
      { TELEGRAM_WEBHOOK_SECRET: 'abc_DEF-1', PUBLIC_URL: 'https://ops.example.com' },
      'TELEGRAM_BOT_TOKEN: missing; TELEGRAM_WEBHOOK_SECRET is set and needs it',
    ],
    [
      {
        TEXTOPS_PROFILE: 'production',
        TELEGRAM_BOT_TOKEN: TOKEN,
        TELEGRAM_WEBHOOK_SECRET: 'a'.repeat(31),
        PUBLIC_URL: 'https://ops.example.com',
      },
      'TELEGRAM_WEBHOOK_SECRET: outside the dev profile it has at least 32 characters',
    ],
    [
      { TEXTOPS_PROFILE: 'prod' },
      'TEXTOPS_PROFILE: "prod" is not one of dev, production; did you mean "production"?',
    ],
    [
      { WORKER: 'seperate' },
      'WORKER: "seperate" is not one of in-process, separate; did you mean "separate"?',
    ],
    [{ QUEUE: 'redis' }, 'QUEUE: "redis" is not one of database, memory'],
    [
      { QUEUE: 'memory', WORKER: 'separate' },
      'QUEUE: memory cannot be shared with WORKER=separate; use QUEUE=database or WORKER=in-process',
    ],
    [{ HTTP_PORT: '65536' }, 'HTTP_PORT: "65536" is not a whole number from 0 to 65535'],
    [{ HTTP_PORT: '0x50' }, 'HTTP_PORT: "0x50" is not a whole number from 0 to 65535'],
    [{ LEASE_MS: '999' }, 'LEASE_MS: "999" is not a whole number from 1000 to 3600000'],
    [
      { HTTP_HOST: '0.0.0.0' },
      'HTTP_HOST: the dev profile listens on loopback only; use 127.0.0.1, ::1 or localhost, or TEXTOPS_PROFILE=production',
    ],
    [
      { DATABASE_URL: 'mysql://u:secret@db/x' },
      'DATABASE_URL: expected file:PATH, :memory: or postgres://USER:PASSWORD@HOST/NAME',
    ],
    [
      { DATABASE_URL: 'file:' },
      'DATABASE_URL: expected file:PATH, :memory: or postgres://USER:PASSWORD@HOST/NAME',
    ],
    [{ PUBLIC_URL: 'http://ops.example.com' }, 'PUBLIC_URL: http is for loopback only; use https://'],
    [
      { TELEGRAM_API_ROOT: 'api.telegram.org' },
      'TELEGRAM_API_ROOT: not a usable address; expected one that begins with https:// or http://',
    ],
    [
      { SLACK_BOT_TOKEN: 'xoxb-1' },
      'SLACK_BOT_TOKEN: nothing could be received with it alone; set SLACK_SIGNING_SECRET (webhooks) or SLACK_APP_TOKEN (Socket Mode)',
    ],
    [
      { SLACK_APP_TOKEN: 'xapp-1' },
      'SLACK_APP_TOKEN: it receives but cannot answer; set SLACK_BOT_TOKEN as well',
    ],
    [
      { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '0123456789abcdef' },
      'PUBLIC_URL: missing; Slack calls us there, because SLACK_SIGNING_SECRET is set and SLACK_APP_TOKEN is not',
    ],
    [
      { SLACK_SIGNING_SECRET: '0123456789abcdef', PUBLIC_URL: 'https://ops.example.org' },
      'SLACK_SIGNING_SECRET: it receives but cannot answer; set SLACK_BOT_TOKEN as well',
    ],
    [
      { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'abc', PUBLIC_URL: 'https://ops.example.org' },
      'SLACK_SIGNING_SECRET: missing; a workspace that installs the app calls us, and SLACK_CLIENT_ID is set',
    ],
    [
      {
        SLACK_CLIENT_ID: '1.2',
        SLACK_CLIENT_SECRET: 'abc',
        SLACK_SIGNING_SECRET: '0123456789abcdef',
        SLACK_APP_TOKEN: 'xapp-1',
        SLACK_BOT_TOKEN: 'xoxb-1',
      },
      'PUBLIC_URL: missing; workspaces install the app there, and SLACK_CLIENT_ID is set',
    ],
    [{ OIDC_AUDIENCE: 'x' }, 'OIDC_ISSUER: missing; OIDC_AUDIENCE is set and needs it'],
    [
      { TWILIO_FROM: '0170' },
      'TWILIO_FROM: not a phone number; expected +491701234567, or a messaging service MG…',
    ],
    [{ API_TOKENS: 'ci:requester' }, 'API_TOKENS: entry 1 of 1 is not NAME:ROLE:TOKEN'],
    [{ API_TOKENS: 'a:viewer:x,a:viewer:y' }, 'API_TOKENS: the name "a" is used twice'],
    [
      { API_TOKENS: 'a:viewer:x,b:viewer:x' },
      'API_TOKENS: two entries have the same token, so nobody could tell who asked',
    ],
    [{ API_TOKENS: 'a:veiwer:x' }, 'API_TOKENS: "a" has the unknown role "veiwer"; did you mean "viewer"?'],
    [
      { TEXTOPS_PROFILE: 'production', API_TOKENS: 'ci:requester:short' },
      'API_TOKENS: outside the dev profile a token has at least 32 characters',
    ],
  ])('%o', (env, problem) => {
    expect(problemsOf(env)).toEqual([problem]);
  });

  test('all problems are told at once, also between the good ones', () => {
    expect(
      problemsOf({
        HTTP_PORT: 'x',
        LEASE_MS: '1',
        QUEUE: 'memory',
        WORKER: 'separate',
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      }),
    ).toEqual([
      'HTTP_PORT: "x" is not a whole number from 0 to 65535',
      'LEASE_MS: "1" is not a whole number from 1000 to 3600000',
      'QUEUE: memory cannot be shared with WORKER=separate; use QUEUE=database or WORKER=in-process',
      'TWILIO_AUTH_TOKEN: missing; TWILIO_ACCOUNT_SID is set and needs it',
      'TWILIO_FROM: missing; TWILIO_ACCOUNT_SID is set and needs it',
      'PUBLIC_URL: missing; Twilio calls us there, and TWILIO_ACCOUNT_SID is set',
    ]);
  });

  test('nothing is concluded from a value that is itself wrong', () => {
    expect(problemsOf({ TEXTOPS_PROFILE: 'prodution', HTTP_HOST: '0.0.0.0' })).toHaveLength(1);
  });

  test('a stranger of our own name is a warning with a guess', () => {
    const { ok, warnings } = readEnv({ TEXTOPS_PROFIL: 'production', PATH: '/bin' });
    expect(ok).toBe(true);
    expect(warnings.map(envProblemLine)).toEqual([
      'TEXTOPS_PROFIL: unknown variable, ignored; did you mean "TEXTOPS_PROFILE"?',
    ]);
  });

  test('no message ever repeats a secret', () => {
    const secrets = NAMES.filter((name) => /TOKEN|SECRET|SID|DATABASE|CLIENT_ID/.test(name));
    const value = fc.stringMatching(/^[\w: @/,-]{12,60}$/).map((text) => `hidden-${text}-hidden`);
    fc.assert(
      fc.property(fc.constantFrom(...secrets), value, (name, secret) => {
        expect(problemsOf({ [name]: secret }).join('\n')).not.toContain('hidden');
      }),
    );
  });

  test('whatever is set, reading ends with settings or sentences', () => {
    const anything = fc.dictionary(fc.constantFrom(...NAMES), fc.string());
    fc.assert(
      fc.property(anything, (env) => {
        const result = readEnv(env);
        expect(result.ok || result.problems.length > 0).toBe(true);
      }),
    );
  });
});
