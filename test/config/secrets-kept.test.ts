import { describe, expect, test } from 'vitest';
import { explainVariables } from '../../src/cli/commands/config-explain.ts';
import { apiTokensProblem, parseApiTokens } from '../../src/config/api-tokens.ts';
import { configHash } from '../../src/config/config-hash.ts';
import { databaseName, databaseUrl, parseDatabaseUrl } from '../../src/config/database-url.ts';
import { envProblemLine, NAMES, readEnv } from '../../src/config/env.ts';
import { sampleCatalog } from '../../src/config/samples.ts';
import { withoutSecrets } from '../../src/config/without-secrets.ts';

const hashOf = (env: Readonly<Record<string, string>>): string => {
  const read = readEnv(env);
  if (!read.ok) throw new Error(read.problems.map(envProblemLine).join('\n'));
  return configHash(read.settings, sampleCatalog());
};

const shownOf = (name: string, value: string): string | undefined =>
  explainVariables({ values: { [name]: value }, sources: {} }).find((row) => row.name === name)?.value;

/** Everything that makes the rest of the environment fit. */
const whole = {
  PUBLIC_URL: 'https://ops.example.org',
  TELEGRAM_BOT_TOKEN: `1:${'a'.repeat(35)}`,
  TELEGRAM_WEBHOOK_SECRET: 'a'.repeat(32),
  SLACK_BOT_TOKEN: 'xoxb-a',
  SLACK_SIGNING_SECRET: 'aaaaaaaa',
  SLACK_APP_TOKEN: 'xapp-a',
  SLACK_CLIENT_ID: 'id',
  SLACK_CLIENT_SECRET: 'a',
  TWILIO_ACCOUNT_SID: 'AC12345678',
  TWILIO_AUTH_TOKEN: 'aaaaaaaa',
  TWILIO_FROM: '+491701234567',
  OIDC_ISSUER: 'https://id.example.org',
  OIDC_AUDIENCE: 'textops',
  OIDC_CLIENT_ID: 'console',
  OIDC_CLIENT_SECRET: 'a',
  API_TOKENS: `ci:viewer:${'a'.repeat(32)}`,
};

describe('a secret', () => {
  test.each<[string, string, string]>([
    ['TELEGRAM_BOT_TOKEN', `1:${'a'.repeat(35)}`, `1:${'b'.repeat(35)}`],
    ['TELEGRAM_WEBHOOK_SECRET', 'a'.repeat(32), 'b'.repeat(32)],
    ['SLACK_BOT_TOKEN', 'xoxb-a', 'xoxb-b'],
    ['SLACK_SIGNING_SECRET', 'aaaaaaaa', 'bbbbbbbb'],
    ['SLACK_APP_TOKEN', 'xapp-a', 'xapp-b'],
    ['SLACK_CLIENT_SECRET', 'a', 'b'],
    ['TWILIO_AUTH_TOKEN', 'aaaaaaaa', 'bbbbbbbb'],
    ['OIDC_CLIENT_SECRET', 'a', 'b'],
    ['API_TOKENS', `ci:viewer:${'a'.repeat(32)}`, `ci:viewer:${'b'.repeat(32)}`],
    ['DATABASE_URL', 'postgres://me:a@db/ops', 'postgres://me:b@db/ops'],
    ['DATABASE_URL', 'postgres://me@db/ops?password=a', 'postgres://me@db/ops?password=b'],
    ['DATABASE_URL', 'postgres:///ops?host=/run&sslpassword=a', 'postgres:///ops?host=/run&sslpassword=b'],
    ['TEST_DATABASE_URL', 'postgres://me:a@db/ops', 'postgres://me:b@db/ops'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://me:a@otel.example.org', 'https://me:b@otel.example.org'],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'https://otel.example.org/?api_key=a',
      'https://otel.example.org/?api_key=b',
    ],
    ['TELEGRAM_API_ROOT', 'https://me:a@bots.example.org', 'https://me:b@bots.example.org'],
    ['TWILIO_API_ROOT', 'https://me:a@sms.example.org', 'https://me:b@sms.example.org'],
    ['SLACK_API_ROOT', 'https://slack.example.org/?token=a', 'https://slack.example.org/?token=b'],
    ['PUBLIC_URL', 'https://me:a@ops.example.org', 'https://me:b@ops.example.org'],
    ['OIDC_ISSUER', 'https://me:a@id.example.org', 'https://me:b@id.example.org'],
  ])('in %s is neither in the hash of the configuration nor in what explains it', (name, one, other) => {
    expect(hashOf({ ...whole, [name]: one })).toBe(hashOf({ ...whole, [name]: other }));
    expect(shownOf(name, one)).toBe(shownOf(name, other));
  });

  test('never stands in what is said to be wrong with it', () => {
    const secret = 'Hunter2 ,;"';
    for (const name of NAMES.filter((each) => /_(TOKEN|TOKENS|SECRET)$|^DATABASE_URL$/.test(each))) {
      const read = readEnv({ ...whole, [name]: secret, HTTP_PORT: 'x' });
      expect(read.ok ? '' : read.problems.map(envProblemLine).join('\n')).not.toContain('Hunter2');
    }
  });
});

describe('an address', () => {
  test.each([
    ['postgres://me:hunter2@db/ops', 'postgres://me:***@db/ops'],
    ['postgres://me:hun%40ter2@db/ops', 'postgres://me:***@db/ops'],
    ['postgres://:hunter2@db/ops', 'postgres://:***@db/ops'],
    ['https://h/x?a=1&API_KEY=hunter2&b=2', 'https://h/x?a=1&API_KEY=***&b=2'],
    ['https://h/x?token=hunter2&token=hunter3', 'https://h/x?token=***'],
    ['https://h/x?accessToken=hunter2', 'https://h/x?accessToken=***'],
  ])('%s is shown as %s', (url, shown) => expect(withoutSecrets(url)).toBe(shown));

  test.each([
    'postgres://me@db/ops?sslmode=require',
    'https://h',
    'HTTPS://H/../a?q=1#x',
    'file:./data/textops.db',
    ':memory:',
    './textops.yaml',
    'no address: at all',
    '',
  ])('without a secret is as it was written: %s', (text) => expect(withoutSecrets(text)).toBe(text));
});

describe('the address of a database', () => {
  test.each([
    ['file:a.db', 'a.db'],
    ['file:./a b.db', './a b.db'],
    ['file:/a.db', '/a.db'],
    ['file:///a.db', '/a.db'],
    ['file://a.db', '//a.db'],
    ['file:a.db?mode=ro', 'a.db?mode=ro'],
    ['file:postgres://db', 'postgres://db'],
    [':memory:', ':memory:'],
    ['file::memory:', ':memory:'],
  ])('%s is the file %s, and leads there again', (url, file) => {
    const database = parseDatabaseUrl(url);
    expect(database).toEqual({ dialect: 'sqlite', file });
    expect(parseDatabaseUrl(databaseUrl(database ?? { dialect: 'sqlite', file: '' }))).toEqual(database);
  });

  test.each([
    '',
    'file:',
    'a.db',
    'FILE:a.db',
    'postgres:db',
    'postgres://db:x/ops',
    'postgres://a:b:c@h:1:2/x',
    'pg://db',
  ])('%j is none', (url) => expect(parseDatabaseUrl(url)).toBeUndefined());

  test.each([
    ['postgres://me:hunter2@db1:6432/ops?password=hunter2', 'postgres://db1:6432/ops'],
    ['postgresql://me:hunter2@[::1]/ops', 'postgres://[::1]/ops'],
    ['postgres://h', 'postgres://h'],
  ])('%s is called %s', (url, name) => expect(databaseName({ dialect: 'pg', url })).toBe(name));
});

describe('API_TOKENS', () => {
  test.each([
    ['ci:viewer:t', [{ name: 'ci', role: 'viewer', token: 't' }]],
    [' ci:viewer:a:b:c ', [{ name: 'ci', role: 'viewer', token: 'a:b:c' }]],
    ['ci:viewer:t,board.1:release-lead:u=,', undefined],
    [
      'ci:viewer:t,board.1:release-lead:u=',
      [
        { name: 'ci', role: 'viewer', token: 't' },
        { name: 'board.1', role: 'release-lead', token: 'u=' },
      ],
    ],
    ['ci:viewer:', undefined],
    ['ci::t', undefined],
    [':viewer:t', undefined],
    ['ci:viewer', undefined],
    ['ci:1st:t', undefined],
    ['-ci:viewer:t', undefined],
    ['c i:viewer:t', undefined],
    ['ci:viewer:t u', undefined],
    ['ci:viewer:t\nci2:viewer:u', undefined],
    ['', undefined],
  ])('%j says %j', (text, tokens) => {
    const problem = apiTokensProblem(text);
    expect(problem === undefined ? parseApiTokens(text) : undefined).toEqual(tokens);
  });

  test.each([
    ['ci:viewer:hunter2,b:viewer', 'entry 2 of 2 is not NAME:ROLE:TOKEN'],
    ['ci:viewer:hunter2,ci:operator:hunter3', 'the name "ci" is used twice'],
    [
      'a:viewer:hunter2,b:operator:hunter2',
      'two entries have the same token, so nobody could tell who asked',
    ],
    ['a:viewr:hunter2', '"a" has the unknown role "viewr"; did you mean "viewer"?'],
    ['a:dba:hunter2', undefined],
  ])('%j: %s', (text, problem) => expect(apiTokensProblem(text)).toBe(problem));
});

test('a variable that is set to blanks is not set, whoever asks', () => {
  const blank = Object.fromEntries(NAMES.map((name) => [name, ' \t ']));
  expect(readEnv(blank)).toEqual(readEnv({}));
  expect(explainVariables({ values: blank, sources: {} })).toEqual(
    explainVariables({ values: {}, sources: {} }),
  );
  expect(readEnv({ HTTP_PORT: ' 80\t' })).toEqual(readEnv({ HTTP_PORT: '80' }));
});
