import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { requestFor } from '../fakes/slack/signing.ts';
import { startFakeSlack } from '../fakes/slack-server.ts';
import { administer } from '../setup/administer.ts';
import { freshFolder, startProgram, until } from './program.ts';

const COMMANDS = 60;
const KILLS = 6;
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

const yaml = `
jobs:
  count:
    title: Count
    demo: {}
    params: { n: { type: integer } }
people:
  ana: { identities: ["slack:T1:UANA"], roles: [operator] }
`;

const countsIn = async (url: string): Promise<readonly number[]> => {
  const store = await openStore({ url });
  try {
    const { runs } = await store.runs.list({ limit: 500 });
    return runs.map(({ state }) => Number(state.params.n)).toSorted((a, b) => a - b);
  } finally {
    await store.close();
  }
};

const all = Array.from({ length: COMMANDS }, (_, index) => index + 1);

describe('a process that is killed between what it acknowledged and what it did', () => {
  test('over a socket: each command is handled once', async () => {
    const fake = await startFakeSlack({ retryMs: 500 });
    const folder = await freshFolder(yaml);
    const url = `file:${folder}/textops.db`;
    const env = {
      SLACK_BOT_TOKEN: fake.botToken,
      SLACK_APP_TOKEN: fake.appToken,
      SLACK_API_ROOT: fake.url,
      DATABASE_URL: url,
    };
    let sent = 0;
    let between = 0;
    const send = (count: number): void => {
      for (const last = Math.min(COMMANDS, sent + count); sent < last; ) {
        sent += 1;
        fake.deliver(fake.make.commands('UANA', `C${sent % 10}`, `run count n=${sent}`));
      }
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const program = await startProgram(folder, env);
      await until(() => fake.sockets.count() > 0, 20_000);
      const before = fake.sockets.acknowledged();
      send(10);
      // The first of them is acknowledged, so it is stored; most of them are not handled yet.
      await until(() => fake.sockets.acknowledged() > before, 10_000);
      await program.kill();
      if ((await countsIn(url)).length < fake.sockets.acknowledged()) between += 1;
    }
    // Kills that found nothing in between would prove nothing.
    expect(between).toBeGreaterThanOrEqual(1);
    const program = await startProgram(folder, env);
    await until(() => fake.sockets.unacknowledged() === 0, 20_000);
    await until(async () => (await countsIn(url)).length >= COMMANDS, 30_000);
    expect(await countsIn(url)).toEqual(all);
    expect(await program.stop()).toBe(0);
    await fake.close();
  });
});

describe('Slack that calls us', () => {
  test('once, again and changed: one run for each genuine command, and nothing stored for anything else', async () => {
    const fake = await startFakeSlack();
    const folder = await freshFolder(yaml);
    const url = `file:${folder}/textops.db`;
    const program = await startProgram(folder, {
      SLACK_BOT_TOKEN: fake.botToken,
      SLACK_SIGNING_SECRET: SECRET,
      SLACK_API_ROOT: fake.url,
      PUBLIC_URL: 'https://ops.example.org',
      DATABASE_URL: url,
    });
    const post = async (path: string, headers: Readonly<Record<string, string>>, body: string) =>
      (await fetch(`${program.url}${path}`, { method: 'POST', headers, body })).status;
    const stored = () => administer<{ event_key: string }>(url, 'select event_key from inbox');
    for (const n of [1, 2, 3]) {
      const { path, headers, body } = requestFor(
        SECRET,
        fake.make.commands('UANA', 'C1', `run count n=${n}`),
      );
      expect(await post(path, headers, body)).toBe(200);
      // Slack did not hear that.
      expect(await post(path, { ...headers, 'x-slack-retry-num': '1' }, body)).toBe(200);
      expect(await post(path, headers, body.replace(`n%3D${n}`, 'n%3D9'))).toBe(401);
    }
    await until(async () => (await countsIn(url)).length === 3, 15_000);
    await until(() => fake.calls('chat.postMessage').length >= 3, 15_000);
    expect(await countsIn(url)).toEqual([1, 2, 3]);
    expect(await stored()).toHaveLength(3);
    expect(await program.stop()).toBe(0);
    await fake.close();
  });
});
