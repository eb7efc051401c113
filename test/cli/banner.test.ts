import { expect, test } from 'vitest';
import { readConfiguration } from '../../src/cli/configuration.ts';
import { banner, databaseWords, type Greeting } from '../../src/program/banner.ts';
import { cliBench } from './cli-bench.ts';

const greetingWith = async (
  values: Record<string, string>,
  more: Pick<Greeting, 'terminal'> & Partial<Greeting>,
): Promise<readonly string[]> => {
  const { cwd } = await cliBench();
  const { settings } = await readConfiguration({ values, cwd, fileNamed: false });
  const text = banner({
    version: '1.0.0',
    settings,
    database: 'SQLite data/textops.db (new)',
    jobs: ['hello'],
    source: 'sample',
    fileName: 'textops.yaml',
    url: 'http://127.0.0.1:5048',
    ...more,
  });
  return text.trimEnd().split('\n');
};

test('with a terminal: six lines that fit one of 100 columns', async () => {
  const lines = await greetingWith({}, { terminal: true, keyboard: true });
  expect(lines).toHaveLength(6);
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(100);
  expect(lines).toContain('  ✔ chat    terminal, you are ana; :seats shows the others, :help the keys');
  expect(lines).toContainEqual(expect.stringMatching(/slots; a real bot: npx textops link telegram$/));
});

test.each([
  [{}, true, /✔ chat {4}none here: the output is not a terminal$/],
  [{}, false, /✔ chat {4}none here: npx textops chat, or POST \/dev\/inbound$/],
  [{ TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(36)}` }, true, /✔ chat {4}Telegram, by long polling$/],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, false, /✔ chat {4}Slack, over a socket$/],
  [
    {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: '12345678',
      TWILIO_ACCOUNT_SID: 'AC12345678',
      TWILIO_AUTH_TOKEN: '12345678',
      TWILIO_FROM: '+491701234567',
      PUBLIC_URL: 'https://ops.example.org',
    },
    false,
    /✔ chat {4}Slack, by its calls · text messages, by Twilio$/,
  ],
  [{ WORKER: 'separate' }, false, /✔ worker {2}separate: start it with npx textops worker; a real bot: /],
])('without one: %j, keyboard %j', async (values, keyboard, line) => {
  const lines = await greetingWith(values, { terminal: false, keyboard });
  expect(lines).toContainEqual(expect.stringMatching(line));
  for (const each of lines) expect([...each].length).toBeLessThanOrEqual(100);
});

test('people are told where they open the console', async () => {
  const http = async (values: Record<string, string>, url: string): Promise<string | undefined> =>
    (await greetingWith(values, { terminal: false, url })).find((line) => line.includes('✔ http'));
  expect(await http({}, 'http://127.0.0.1:5048')).toBe(
    '  ✔ http    http://127.0.0.1:5048  (loopback only; open it for the console)',
  );
  const outside = { PUBLIC_URL: 'https://ops.example.org' };
  expect(await http(outside, 'http://10.0.0.7:80')).toBe(
    '  ✔ http    http://10.0.0.7:80  (reachable from outside; console at https://ops.example.org)',
  );
  expect(await http(outside, 'http://127.0.0.1:5048')).toMatch(/console at https:\/\/ops\.example\.org\)$/);
});

test('a database file outside the folder is named in full', () => {
  const words = (file: string) => databaseWords({ dialect: 'sqlite', file }, '/srv/ops');
  expect(words('/srv/ops/data/textops.db')).toBe('SQLite data/textops.db');
  expect(words('/var/lib/textops.db')).toBe('SQLite /var/lib/textops.db');
  expect(words('/srv/ops/..data.db')).toBe('SQLite ..data.db');
  expect(words(':memory:')).toBe('SQLite in memory');
});
