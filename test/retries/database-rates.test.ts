import { createServer } from 'node:net';
import { Pool } from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startInboxPump } from '../../src/bot/inbox-pump.ts';
import { startSender } from '../../src/bot/sender.ts';
import { amend } from '../../src/core/flows/runs/amend.ts';
import { RETRIES, type Retry } from '../../src/core/time/retries.ts';
import { persist } from '../../src/db/commit/persist.ts';
import { CommitUnknown, type Fault } from '../../src/db/fault.ts';
import { openStore } from '../../src/db/open.ts';
import { startNotifying } from '../../src/db/pg/notify.ts';
import { startPulse } from '../../src/loops/pulse.ts';
import { startHousekeeping } from '../../src/scheduler/start.ts';
import { ana, progresses, says, starts } from '../cast.ts';
import { portOf } from '../fakes/postgres-cable.ts';
import { patience, shift, unasked } from '../worker/shift.ts';
import { expectKept, faultsByLoop, HOUR_MS, senderThat, tally, virtualTime } from './virtual-time.ts';

// What tries again meets a fault that stays, and an hour passes. Nothing may be tried more often than its row says, and
// nothing in a tight loop.

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).promisedTimer);

describe('an operation of the database', () => {
  test.each([
    ['busy', RETRIES.databaseBusy],
    ['serialization', RETRIES.databaseUndone],
    ['connection', RETRIES.databaseGone],
    ['unique', RETRIES.databaseTaken],
  ] as const)('that stays %s ends within its budget', async (fault: Fault, row: Retry) => {
    const time = virtualTime();
    const tried = tally();
    const began = performance.now();
    const attempt = () => {
      tried.count();
      return Promise.reject(new Error('no'));
    };
    await expect(time.over(persist(attempt, () => fault))).rejects.toThrow('no');
    expect(performance.now() - began).toBeLessThanOrEqual((row.budgetMs ?? 0) + 2 * row.pauseMsMax);
    expectKept(row, tried);
  });

  test('whose COMMIT nobody answers ends like a broken connection, and a full disk at once', async () => {
    const time = virtualTime();
    const [unknown, full] = [tally(), tally()];
    const lost = () => {
      unknown.count();
      return Promise.reject(new CommitUnknown(new Error('cut')));
    };
    await expect(time.over(persist(lost, () => 'other'))).rejects.toThrow('cannot be reached');
    expectKept(RETRIES.databaseGone, unknown);
    const filled = () => {
      full.count();
      return Promise.reject(new Error('disk full'));
    };
    await expect(time.over(persist(filled, () => 'full'))).rejects.toThrow('disk full');
    expect(full.times).toHaveLength(1);
  });
});

describe('loops over a database that is gone for good', () => {
  test('each turns as seldom as its row says', async () => {
    const { rooms, worker } = await shift();
    const { store } = rooms;
    const time = virtualTime();
    const { loops, observe } = faultsByLoop();
    const failing = { ...rooms, observe };
    const now = () => store.now();
    const common = { observe, now };
    const running = [
      startHousekeeping({ rooms: failing, observe, everyMs: 1000 }),
      startSender({
        ...common,
        outbox: store.outbox,
        senders: [senderThat(() => ({ k: 'sent' }))],
        owner: 's',
        chance: () => 0,
      }),
      startInboxPump({
        ...common,
        owner: 'p',
        inbox: store.inbox,
        handle: nobody,
        senderOf: () => undefined,
      }),
      startPulse({ ...common, heartbeats: store.heartbeats, instance: 'one' }),
      worker('w1', { rooms: failing, leaseMs: 30_000, clock: () => performance.now() }),
    ];
    await time.passes(1000);
    expect([...loops.keys()]).toEqual([]);
    await store.close();
    await time.passes(HOUR_MS);
    const ended = Promise.allSettled(running.map((one) => one.stop()));
    await time.over(ended);
    const rows: Readonly<Record<string, Retry>> = {
      'close-overdue': RETRIES.loop,
      'send-notices': RETRIES.loop,
      'recover-leases': RETRIES.loop,
      'watch-silence': RETRIES.loop,
      outbound_default: RETRIES.loop,
      'inbox pump': RETRIES.loop,
      heartbeats: RETRIES.loop,
      'worker-claim': RETRIES.claim,
      'worker-beat': RETRIES.beat,
    };
    for (const [name, row] of Object.entries(rows)) {
      const tried = loops.get(name);
      if (tried === undefined) throw new Error(`${name} did not fail`);
      expectKept(row, tried);
    }
    const others = [...loops.keys()].filter((name) => !(name in rows) && name !== 'worker-leave');
    expect(others).toEqual([]);
  });

  test('a result is offered for as long as its row says', async () => {
    const { rooms, worker, job, dispatched } = await shift();
    const { store } = rooms;
    const demo = await job('demo', { target: { kind: 'demo' }, approval: unasked });
    const { loops, observe } = faultsByLoop();
    const { started, finish, sleep } = patience();
    const works = { kind: 'demo', execute: async () => sleepThenSucceed(sleep) } as const;
    const time = virtualTime();
    const one = worker('w1', {
      rooms: { ...rooms, observe },
      leaseMs: 30_000,
      clock: () => performance.now(),
      executors: { command: works, http: works, demo: works },
    });
    await dispatched(demo);
    one.nudge();
    while (started() === 0) await time.passes(10);
    await store.close();
    finish();
    await time.passes(HOUR_MS);
    const tried = loops.get('worker-report');
    if (tried === undefined) throw new Error('no result was offered');
    expectKept(RETRIES.report, tried);
    expect((tried.times.at(-1) ?? 0) - (tried.times[0] ?? 0)).toBeGreaterThan(RETRIES.report.budgetMs * 0.9);
  });
});

describe('a change that is always overtaken', () => {
  test('of a run is decided again as often as its row says', async () => {
    const { rooms, job, dispatched, give } = await shift();
    const long = await job('long', { target: { kind: 'demo' }, approval: unasked });
    const runId = await dispatched(long);
    await give(runId, (at) => starts(long, { files: {}, entitled: [], at }));
    const tried = tally();
    const overtaken = rooms.orchestrator.execute({
      runId,
      command: async () => {
        tried.count();
        await give(runId, (at) => ({ ...progresses(), at }));
        return says.cancel(ana, await rooms.store.now());
      },
    });
    await expect(overtaken).rejects.toThrow('gave up after 12 conflicting commits');
    expectKept(RETRIES.conflict, tried);
  });

  test('beside runs, too', async () => {
    const store = await openStore({ url: ':memory:' });
    onTestFinished(() => store.close());
    const tried = tally();
    const record = { type: 'Tried', actor: 'system', payload: {} };
    const said = { lines: [] };
    const overtaken = amend(store, async () => {
      tried.count();
      await amend(store, () => Promise.resolve({ said, records: [record] }));
      return { said, records: [record] };
    });
    await expect(overtaken).rejects.toThrow('gave up after 12 conflicting commits');
    expectKept(RETRIES.conflict, tried);
  });
});

test('a connection that listens is opened again as seldom as its row says', async () => {
  const tried = tally();
  const server = createServer((socket) => {
    tried.count();
    socket.destroy();
  });
  const port = await portOf(server);
  onTestFinished(() => void server.close());
  const time = virtualTime();
  const pool = new Pool();
  const notifying = startNotifying(pool, `postgres://me@127.0.0.1:${port}/ops`, () => undefined);
  const seconds = 30;
  for (let second = 0; second < seconds; second += 1) {
    await time.passes(1000);
    // The network takes real time.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  await time.over(notifying.stop());
  await pool.end();
  expect(tried.times.length).toBeGreaterThan(seconds / 3);
  expectKept(RETRIES.databaseListening, tried, seconds * 1000);
});

const nobody = () => Promise.reject(new Error('nothing arrives here'));

const sleepThenSucceed = async (sleep: (ms: number, signal: AbortSignal) => Promise<void>) => {
  await sleep(0, new AbortController().signal);
  const output = { head: '', tail: '', bytes: 0, sha256: '' };
  return { kind: 'succeeded', summary: 'done', output } as const;
};
