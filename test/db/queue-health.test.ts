import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type Hint, hintOf } from '../../src/core/runs/heartbeat.ts';
import { openStore } from '../../src/db/open.ts';
import { startLoop } from '../../src/loops/loop.ts';
import { startPulse } from '../../src/loops/pulse.ts';
import { eventually } from '../bot/eventually.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

interface Health {
  readonly name: string;
  readonly kind: string;
  readonly hint: Hint;
}

const VIEW = 'select name, kind, hint from v_queue_health order by name';

const onSqlite = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-health-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'textops.db');
  const view = (): Promise<readonly Health[]> => {
    const db = new Database(file);
    // The columns of the statement.
    const found = db.prepare(VIEW).all() as Health[];
    db.close();
    return Promise.resolve(found);
  };
  return { url: `file:${file}`, view };
};

const onPostgres = async () => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  const { url } = database;
  onTestFinished(() => database.drop());
  const view = async (): Promise<readonly Health[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<Health>(VIEW);
    await client.end();
    return rows;
  };
  return { url, view };
};

const observe = (): void => undefined;

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('v_queue_health on %s', (_, open) => {
  test('has one row for every loop and worker of every process, until they end', async () => {
    const { url, view } = await open();
    const [a, b] = await Promise.all(
      ['a', 'b'].map(async (instance) => {
        const store = await openStore({ url });
        onTestFinished(() => store.close());
        const now = () => store.now();
        const beating = startPulse({ heartbeats: store.heartbeats, now, instance, observe, everyMs: 5 });
        const { pulse } = beating;
        const loops = ['sender', 'inbox pump'].map((name) =>
          startLoop({ name, idleMs: 5, observe, pulse, tick: () => Promise.resolve('idle') }),
        );
        await store.heartbeats.beat({ name: `w-${instance}`, kind: 'worker', slots: 4, at: await now() });
        return { ...beating, loops };
      }),
    );
    const names = async () => (await view()).map(({ name }) => name);
    const loopsOf = (instance: string) =>
      ['heartbeats', 'inbox pump', 'sender'].map((loop) => `${loop}@${instance}`);
    await eventually(async () => (await names()).length === 8);
    expect((await names()).toSorted()).toEqual([...loopsOf('a'), ...loopsOf('b'), 'w-a', 'w-b'].toSorted());
    // A loop that is ended on purpose is missed by nobody, although its process goes on.
    await b?.loops[0]?.stop();
    await eventually(async () => !(await names()).includes('sender@b'));
    expect(await names()).toContain('inbox pump@b');
    for (const one of [a, b]) {
      await Promise.all(one?.loops.map((loop) => loop.stop()) ?? []);
      await one?.stop();
    }
    expect((await names()).toSorted()).toEqual(['w-a', 'w-b']);
  });

  test('says fresh, late and silent as the program does', async () => {
    const { url, view } = await open();
    const store = await openStore({ url });
    onTestFinished(() => store.close());
    const now = await store.now();
    const ages = { fresh: [0, 10_000], late: [20_000, 200_000], silent: [400_000, 10_000_000] };
    const loop = { kind: 'loop', slots: 0, everyMs: 5000, silentMs: 300_000 } as const;
    await store.heartbeats.beatAll(
      Object.entries(ages).flatMap(([hint, all]) =>
        all.map((ms) => ({ ...loop, name: `${hint} ${ms}`, at: now - ms })),
      ),
    );
    const found = await view();
    expect(found).toHaveLength(6);
    for (const { name, hint } of found) expect([name, hint]).toEqual([name, name.split(' ')[0]]);
    const beats = await store.heartbeats.list();
    expect(beats.map((beat) => `${beat.name}: ${hintOf(beat, now)}`).toSorted()).toEqual(
      found.map(({ name, hint }) => `${name}: ${hint}`).toSorted(),
    );
  });
});
