import { expect, test } from 'vitest';
import { configHash, effectiveConfig } from '../../src/config/config-hash.ts';
import { readEnv } from '../../src/config/env.ts';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import type { Settings } from '../../src/config/settings.ts';

const SECRETS = {
  TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(35)}`,
  TELEGRAM_WEBHOOK_SECRET: 'w'.repeat(40),
  SLACK_BOT_TOKEN: 'xoxb-secret-secret',
  SLACK_SIGNING_SECRET: 'signing-secret-1',
  SLACK_APP_TOKEN: 'xapp-secret-secret',
  SLACK_CLIENT_SECRET: 'client-secret-1',
  TWILIO_AUTH_TOKEN: 'twilio-secret-1',
  OIDC_CLIENT_SECRET: 'oidc-secret-1',
  DATABASE_URL: 'postgres://textops:password-1@db1/textops?password=password-1',
  API_TOKENS: `ci:requester:${'t'.repeat(32)}`,
};

const PLAIN = {
  PUBLIC_URL: 'https://ops.example.org',
  SLACK_CLIENT_ID: '1.2',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_FROM: '+491701234567',
  OIDC_ISSUER: 'https://id.example.org',
  OIDC_AUDIENCE: 'textops',
  OIDC_CLIENT_ID: 'console',
};

const settings = (env: Readonly<Record<string, string>>): Settings => {
  const read = readEnv(env);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
};

const catalog = (text = 'jobs: { hello: { command: ["echo", "hi"] } }') => {
  const read = parseCatalog(text, { fileName: 'textops.yaml', format: 'yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.catalog;
};

const hashOf = (env: Readonly<Record<string, string>>, text?: string) =>
  configHash(settings(env), catalog(text));

test('no secret is in it, whole or in part', () => {
  const text = effectiveConfig(settings({ ...PLAIN, ...SECRETS }), catalog());
  for (const secret of ['AAAA', 'wwww', 'secret', 'password-1', 'tttt']) {
    expect(
      text.replaceAll(/"(?:clientSecret|webhookSecret|signingSecret|secret|secrets)":/g, ''),
    ).not.toContain(secret);
  }
  expect(text).toContain('"botToken":"set"');
  expect(text).toContain('"password":"set"');
});

test.each(Object.keys(SECRETS))('another value of %s is the same configuration', (name) => {
  const all = { ...PLAIN, ...SECRETS };
  const value = all[name as keyof typeof SECRETS];
  const other = value.replace('password-1', 'another').replace('password-1', 'another').replace(/.$/, '9');
  const changed = name === 'DATABASE_URL' ? value.replaceAll('password-1', 'another') : other;
  expect(changed).not.toBe(value);
  expect(hashOf({ ...all, [name]: changed })).toBe(hashOf(all));
});

test('a secret that is there or not there is another one', () => {
  const token = SECRETS.TELEGRAM_BOT_TOKEN;
  expect(hashOf({ TELEGRAM_BOT_TOKEN: token })).not.toBe(hashOf({}));
  const webhook = { TELEGRAM_BOT_TOKEN: token, PUBLIC_URL: PLAIN.PUBLIC_URL };
  expect(hashOf({ ...webhook, TELEGRAM_WEBHOOK_SECRET: 'x'.repeat(32) })).not.toBe(hashOf(webhook));
});

test('any setting and anything in the catalog make another one; spelling a default out does not', () => {
  const hashes = [
    hashOf({}),
    hashOf({ HTTP_PORT: '5049' }),
    hashOf({ WORKER: 'separate' }),
    hashOf({}, 'jobs: { hello: { command: ["echo", "ho"] } }'),
    hashOf({}, 'jobs: { hello: { command: ["echo", "hi"], heavy: true } }'),
    hashOf({}, 'jobs: { hello: { command: ["echo", "{n}"], params: { n: { type: number, max: 0.5 } } } }'),
    hashOf({}, 'jobs: { hello: { command: ["echo", "{n}"], params: { n: { type: number, max: 0.6 } } } }'),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashOf({ HTTP_PORT: '5048', LEASE_MS: '30000' })).toBe(hashOf({}));
  expect(hashOf({}, 'jobs: { hello: { heavy: false, command: ["echo", "hi"] } } # a comment')).toBe(
    hashOf({}),
  );
  expect(hashOf({})).toMatch(/^sha256:[0-9a-f]{64}$/);
});
