import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Store, Wake } from '../../src/core/ports/store.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import { StoreFault } from '../../src/db/fault.ts';
import { migrateStore, openStore } from '../../src/db/open.ts';
import { connectPool } from '../../src/db/pg/connect.ts';
import { pgEngine, transact } from '../../src/db/pg/engine.ts';
import { listenTimes, startNotifying, WAKES } from '../../src/db/pg/notify.ts';
import { rows } from '../../src/db/steps.ts';
import { eventually } from '../bot/eventually.ts';
import {
  act,
  approve,
  change,
  enqueue,
  entry,
  note,
  nothing,
  request,
  run,
  T0,
  text,
} from '../contracts/given.ts';
import { cableTo } from '../fakes/postgres-cable.ts';
import { poolerTo } from '../fakes/postgres-pooler.ts';
import { administer } from '../setup/administer.ts';
import { type FreshDatabase, freshPostgresDatabase } from '../setup/fresh-database.ts';

let database: FreshDatabase;
let direct: Store;
beforeAll(async () => {
  database = await freshPostgresDatabase(inject('postgresUrl'));
  direct = await openStore({ url: database.url });
});
afterAll(async () => {
  await direct.close();
  await database.drop();
});

const cabled = async () => {
  const cable = await cableTo(database.url);
  onTestFinished(() => cable.close());
  return cable;
};

/** A store on the other side of a cable, closed before the cable is taken away. */
const storeThrough = async (url: string): Promise<Store> => {
  const store = await openStore({ url, migrate: false });
  onTestFinished(() => store.close());
  return store;
};

test('last words behind the answer that frees a connection end neither the process nor the work', async () => {
  const cable = await cabled();
  const { pool, close } = await connectPool(cable.url);
  onTestFinished(close);
  const [one, ...held] = await Promise.all(Array.from({ length: 8 }, () => pool.connect()));
  onTestFinished(() => held.forEach((client) => client.release(true)));
  one?.release();
  const answered = pool.query('select 1 as one');
  // Nothing is free, so this one waits for the connection that the answer frees.
  const waiting = transact(pool, function* () {
    return yield* rows('select 2 as two');
  });
  cable.dieBehindAnswers();
  expect((await answered).rows).toEqual([{ one: 1 }]);
  await expect(waiting).rejects.toThrow(/not queryable|terminat/);
  expect((await pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
});

describe('a connection that is lost while COMMIT is under way', () => {
  test.each(['before', 'after'] as const)('%s the server got it: the commit stands once', async (when) => {
    const cable = await cabled();
    const store = await storeThrough(cable.url);
    const runId = `R-${when}`;
    cable.cutAtCommit(when);
    expect(await act(store, runId, request(runId), { outbox: [note(`asked ${runId}`)] })).toBe('committed');
    cable.cutAtCommit(when);
    expect(await act(store, runId, approve())).toBe('committed');
    expect((await run(direct, runId))?.state.status).toBe('Dispatching');
    expect((await direct.runs.history(runId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const once = { kind: 'first', channel: 'dev', account: 'dev', eventKey: runId, lane: 'dev:ops' } as const;
    const refusal = { ...nothing, outbox: [note(`refused ${runId}`)], once, at: T0 };
    cable.cutAtCommit(when);
    expect(await store.runs.commit([refusal])).toEqual(['committed']);
    expect(await store.runs.commit([refusal])).toEqual(['seen_before']);
    // Somebody else's work in the way is not taken for ours.
    const stale = change(undefined, request(runId, { at: 1 }), runId);
    cable.cutAtCommit(when);
    expect(await store.runs.commit([stale])).toEqual(['stale_version']);
    const sent = await administer(
      database.url,
      `select key from outbox where key in ('asked ${runId}', 'refused ${runId}')`,
    );
    expect(sent).toHaveLength(2);
  });

  test('again and again, either way: every answer is right and nothing is doubled', async () => {
    const cable = await cabled();
    const store = await storeThrough(cable.url);
    const ids = Array.from({ length: 40 }, (_, index) => `M${index}`);
    for (const [index, runId] of ids.entries()) {
      // Up to two in a row, so that the second look may be interrupted as well.
      cable.cutAtCommit(...(['before', 'after'] as const).filter((_, bit) => ((index >> bit) & 1) === 1));
      expect(await act(store, runId, request(runId), { outbox: [note(runId)] })).toBe('committed');
    }
    for (const runId of ids) {
      const history = await direct.runs.history(runId);
      expect(history.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(firstFault(history)).toBeUndefined();
    }
    const sent = await administer<{ key: string }>(
      database.url,
      "select key from outbox where key like 'M%'",
    );
    expect(sent.map(({ key }) => key).toSorted()).toEqual(ids.toSorted());
  });

  test('what came in is stored once and is no repetition of itself', async () => {
    const cable = await cabled();
    const store = await storeThrough(cable.url);
    cable.cutAtCommit('after');
    expect(await store.inbox.accept([text('u1', { lane: 'dev:u1' })], T0)).toEqual({ stored: 1, known: 0 });
    cable.cutAtCommit('before');
    expect(await store.inbox.accept([text('u2', { lane: 'dev:u2' })], T0)).toEqual({ stored: 1, known: 0 });
    expect(await store.inbox.accept([text('u2', { lane: 'dev:u2' })], T0)).toEqual({ stored: 0, known: 1 });
    const found = await administer<{ event_key: string; times: number | string }>(
      database.url,
      "select i.event_key, coalesce(r.times, 0) as times from inbox i left join repeats r using (event_key) where i.event_key in ('u1', 'u2') order by 1",
    );
    expect(found.map(({ event_key, times }) => [event_key, Number(times)])).toEqual([
      ['u1', 0],
      ['u2', 1],
    ]);
  });
});

describe('a network that swallows everything', () => {
  test('a listening connection is noticed within 15 s by the times that the program keeps', () => {
    expect(listenTimes.beatMs + listenTimes.beatDeadlineMs).toBeLessThanOrEqual(15_000);
  });

  test('a listening connection that is dead without a word is replaced after a beat and its deadline', async () => {
    const cable = await cabled();
    const { pool, close } = await connectPool(database.url);
    const woken: Wake[] = [];
    const times = { beatMs: 50, beatDeadlineMs: 500, reconnectMs: 10 };
    const notifying = startNotifying(pool, cable.url, (what) => woken.push(what), times);
    onTestFinished(async () => {
      await notifying.stop();
      await close();
    });
    const bridge = { kind: 'gate', name: 'queue.notify.bridge_enabled', open: true, by: 'user:cli' } as const;
    await direct.runs.commit([{ ...nothing, upkeep: [bridge], at: T0 }]);
    await eventually(() => woken.length >= WAKES.length);
    // A healthy connection outlives its beats.
    await eventually(async () => (await listeningSessions()) === 1);
    cable.goSilent();
    await direct.runs.commit([enqueue(entry('lost'))]);
    // Whoever listens again is woken for whatever was missed.
    // On a machine that is given away meanwhile a healthy one may be replaced, too.
    await eventually(() => woken.length >= 2 * WAKES.length);
    expect(cable.connections()).toBeGreaterThanOrEqual(2);
    const before = woken.length;
    await direct.runs.commit([enqueue(entry('heard'))]);
    await eventually(() => woken.slice(before).includes('queue'));
  });

  test('a question that nobody answers is given up, and the next one finds a new connection', async () => {
    const cable = await cabled();
    const engine = pgEngine(await connectPool(cable.url, { answerMs: 150 }), cable.url, () => T0);
    onTestFinished(() => engine.close());
    const ask = () => engine.read(() => rows<{ one: number }>('select 1 as one'));
    expect(await ask()).toEqual([{ one: 1 }]);
    cable.goSilent();
    expect(await ask()).toEqual([{ one: 1 }]);
  });
});

/** Sessions of this database that listen, as the server sees them. */
const listeningSessions = async (): Promise<number> => {
  const found = await administer<{ pid: number }>(
    database.url,
    "select pid from pg_stat_activity where datname = current_database() and query ilike '%pg_listening_channels%' and pid <> pg_backend_pid()",
  );
  return found.length;
};

describe('a pooler that hands out sessions by the transaction', () => {
  test.each([
    ['starts', (url: string) => openStore({ url })],
    ['looks', (url: string) => openStore({ url, migrate: false })],
    ['migrates', (url: string) => migrateStore(url)],
  ])(
    'is refused by whoever %s, in one sentence, and nothing of us stays in its sessions',
    async (_, open) => {
      const fresh = await freshPostgresDatabase(inject('postgresUrl'));
      onTestFinished(() => fresh.drop());
      const pooler = await poolerTo(fresh.url);
      onTestFinished(() => pooler.close());
      const failure: unknown = await open(pooler.url).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreFault);
      expect(failure).toMatchObject({
        cause: {
          message:
            'A pooler gives each transaction another session of PostgreSQL; TextOps needs its own. ' +
            'Connect directly, or set the pooler to pool_mode = session.',
        },
      });
      const left = await administer(
        fresh.url,
        "select 1 from pg_locks where locktype = 'advisory' and database = " +
          '(select oid from pg_database where datname = current_database())',
      );
      expect(left).toEqual([]);
      expect(await administer(fresh.url, "select to_regclass('runs') as runs")).toEqual([{ runs: null }]);
    },
  );

  test('a plain cable to the server is none', async () => {
    const cable = await cabled();
    const store = await storeThrough(cable.url);
    expect(await store.runs.list({ limit: 1 })).toMatchObject({ runs: expect.any(Array) });
  });

  test('every session has its limits', async () => {
    const { pool, close } = await connectPool(database.url);
    onTestFinished(close);
    const shown = await pool.query(
      "select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout', " +
        "'idle_in_transaction_session_timeout') order by name",
    );
    expect(shown.rows).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '10000' },
      { name: 'lock_timeout', setting: '2000' },
      { name: 'statement_timeout', setting: '5000' },
    ]);
  });
});
