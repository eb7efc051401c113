import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { openStore } from '../../src/db/open.ts';
import { startIncidentLog } from '../../src/loops/incident-log.ts';
import { eventually } from '../bot/eventually.ts';

const WINDOW = { since: 0, until: 10_000_000 };

const watching = async () => {
  let now = 1_000_000;
  const store = await openStore({ url: ':memory:', clock: () => now });
  onTestFinished(() => store.close());
  let present: readonly string[] = [];
  let broken = false;
  const seen: Observation[] = [];
  const log = startIncidentLog({
    incidents: {
      open: () => store.incidents.open(),
      note: (change) => (broken ? Promise.reject(new Error('no disk')) : store.incidents.note(change)),
    },
    now: () => store.now(),
    problems: () => Promise.resolve(present),
    observe: (one) => void seen.push(one),
    everyMs: 1,
  });
  onTestFinished(() => log.stop());
  return {
    seen,
    turns: (state: 'ok' | 'degraded' | 'down' | 'standby', reason?: string) =>
      log.sees({
        kind: 'channel_state',
        channel: 'telegram',
        state,
        ...(reason === undefined ? {} : { reason }),
      }),
    sees: log.sees,
    /** From this moment on. */
    has: (names: readonly string[], at: number) => {
      present = names;
      now = at;
    },
    breaks: (is: boolean) => {
      broken = is;
    },
    open: async () => (await store.incidents.open()).map(({ name }) => name),
    all: () => store.scores.incidents(WINDOW, 100),
    minutes: async () => (await store.scores.up(WINDOW)).minutes,
  };
};

test('a problem is raised when it comes and cleared when it goes', async () => {
  const { has, open, all } = await watching();
  has(['no worker', 'failures'], 1_100_000);
  await eventually(async () => (await open()).length === 2);
  has(['failures'], 1_200_000);
  await eventually(async () => (await open()).length === 1);
  expect(await all()).toEqual(
    expect.arrayContaining([
      { kind: 'problem', name: 'no worker', raisedAt: 1_100_000, clearedAt: 1_200_000 },
      { kind: 'problem', name: 'failures', raisedAt: 1_100_000 },
    ]),
  );
});

test('every minute is written down in which somebody was there', async () => {
  const { has, minutes } = await watching();
  await eventually(async () => (await minutes()) === 1);
  has([], 1_080_000);
  await eventually(async () => (await minutes()) === 2);
});

test('a channel that failed and came back is one incident, however short it was', async () => {
  const { turns, all, open } = await watching();
  turns('degraded', 'starting');
  turns('ok');
  turns('degraded', 'timeout');
  turns('down', 'no poll has ended for too long');
  turns('ok');
  await eventually(async () => (await all()).length === 1 && (await open()).length === 0);
  expect(await all()).toMatchObject([{ kind: 'channel', name: 'telegram' }]);
});

test('who begins to stand by says nothing about the channel of another; who hands it on takes its trouble along', async () => {
  const { turns, open } = await watching();
  turns('degraded', 'timeout');
  await eventually(async () => (await open()).length === 1);
  turns('standby', 'another process polls');
  await eventually(async () => (await open()).length === 0);
  const other = await watching();
  other.turns('standby', 'another process polls');
  other.sees({ kind: 'started', what: 'anything else' });
  other.turns('degraded', 'timeout');
  await eventually(async () => (await other.open()).length === 1);
});

test('nothing is lost while the database is away', async () => {
  const { turns, open, breaks, seen } = await watching();
  breaks(true);
  turns('degraded', 'timeout');
  await eventually(() => seen.some(({ kind }) => kind === 'loop_faulted'));
  breaks(false);
  await eventually(async () => (await open()).length === 1);
});
