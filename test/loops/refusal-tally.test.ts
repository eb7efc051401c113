import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { openStore } from '../../src/db/open.ts';
import { startRefusalTally } from '../../src/loops/refusal-tally.ts';
import { eventually } from '../bot/eventually.ts';

const tally = async (everyMs: number) => {
  const store = await openStore({ url: ':memory:', clock: () => 1000 });
  onTestFinished(() => store.close());
  const seen: Observation[] = [];
  let writes = 0;
  let broken = false;
  const running = startRefusalTally({
    runs: {
      commit: (commits) => {
        writes += 1;
        return broken ? Promise.reject(new Error('no disk')) : store.runs.commit(commits);
      },
    },
    now: () => store.now(),
    observe: (one) => void seen.push(one),
    everyMs,
  });
  return {
    ...running,
    seen,
    breaks: (is: boolean) => {
      broken = is;
    },
    writes: () => writes,
    counts: async () =>
      Object.fromEntries((await store.reader.refusals(1000)).map(({ reason, day }) => [reason, day])),
  };
};

const refused = (reason: string, channel = 'http'): Observation => ({
  kind: 'auth_refused',
  channel,
  reason,
});

test('a thousand who are refused over HTTP cost one write, whatever they call themselves', async () => {
  const { sees, stop, writes, counts } = await tally(60_000);
  for (let n = 0; n < 1000; n += 1) sees(refused(n % 2 === 0 ? 'no_token' : `invented ${n}`));
  await stop();
  expect(await counts()).toEqual({ no_token: 500, other: 500 });
  expect(writes()).toBe(1);
});

test('which permission was missing and what was wrong with a token is for the log', async () => {
  const { sees, stop, counts } = await tally(60_000);
  for (const reason of ['lacks jobs.write', 'lacks gates.read', 'jwt_exp', 'token_revoked', 'unknown_person'])
    sees(refused(reason));
  await stop();
  expect(await counts()).toEqual({ permission_needed: 2, bad_jwt: 1, bad_token: 1, unknown_person: 1 });
});

test('a call with a forged signature is counted, whichever channel it was for', async () => {
  const { sees, stop, counts } = await tally(60_000);
  for (const channel of ['slack', 'sms']) sees(refused('bad_signature', channel));
  await stop();
  expect(await counts()).toEqual({ bad_signature: 2 });
});

test('what a message counted in its own commit is not counted again', async () => {
  const { sees, stop, writes } = await tally(60_000);
  sees(refused('stranger', 'telegram'));
  sees({ kind: 'message_ignored', channel: 'http', reason: 'forwarded' });
  await stop();
  expect(writes()).toBe(0);
});

test('nothing is lost when the database is away for a while', async () => {
  const { sees, stop, seen, breaks, counts } = await tally(1);
  breaks(true);
  sees(refused('foreign_host'));
  await eventually(() => seen.some(({ kind }) => kind === 'loop_faulted'));
  sees(refused('foreign_host'));
  breaks(false);
  await eventually(async () => (await counts())['foreign_host'] === 2);
  await stop();
  expect(await counts()).toEqual({ foreign_host: 2 });
});
