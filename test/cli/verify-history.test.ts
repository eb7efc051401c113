import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { asks, backup, bob, says, starts, succeeds } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';

const sealed = async () => {
  const bench = await cliBench();
  await bench.inStore(async (store) => {
    await seedRun(store, asks(), says.yes(bob), starts(), succeeds());
    await seedRun(store, asks(backup, { runId: 'Q2WXYZ' }));
  });
  return bench;
};

test('a whole history counts its events and chains', async () => {
  const { textops } = await sealed();
  expect(await textops('audit', 'verify')).toEqual({ code: 0, out: 'ok: 8 events in 2 chains\n', err: '' });
});

test('more chains than fit on a page', async () => {
  const { inStore, textops } = await cliBench();
  await inStore(async (store) => {
    for (let count = 0; count < 105; count += 1) {
      await seedRun(store, asks(backup, { runId: `R2${String(count).padStart(4, '0')}` }));
    }
  });
  expect((await textops('audit', 'verify')).out).toBe('ok: 210 events in 105 chains\n');
});

// An administrator of the database can get past the guards; it must show.
test.each([
  [
    'an event that was changed',
    "update events set actor = 'user:dev:eve' where chain = 'K7M2QX' and seq = 3",
    'broken: run K7M2QX, seq 3: event 3 was changed: its hash does not match',
  ],
  [
    'an event that was taken out',
    "delete from events where chain = 'K7M2QX' and seq = 4",
    'broken: run K7M2QX, seq 4: event 4 is missing',
  ],
  [
    'a newest event that was cut off',
    "delete from events where chain = 'K7M2QX' and seq = 6",
    'broken: run K7M2QX, seq 6: event 6 is missing',
  ],
  [
    'a state that was changed',
    "update runs set state = replace(state, '4.1 GB', '9.9 GB') where id = 'K7M2QX'",
    'broken: run K7M2QX, seq 6: the state does not follow from the 6 events',
  ],
  [
    'a head that was changed',
    "update runs set head_hash = 'x' where id = 'K7M2QX'",
    'broken: run K7M2QX, seq 6: the head does not name event 6',
  ],
  [
    'a status that lists go by',
    "update runs set status = 'Denied' where id = 'K7M2QX'",
    'broken: run K7M2QX, seq 6: its row was changed: status against the state',
  ],
  [
    'a deadline that was put off, for another one',
    "update runs set due_at = due_at + 1, requester_id = 'eve' where id = 'Q2WXYZ'",
    'broken: run Q2WXYZ, seq 2: its row was changed: requester_id, due_at against the state',
  ],
  [
    'a run that was moved to another conversation',
    "update runs set address = 'dev:hidden' where id = 'Q2WXYZ'",
    'broken: run Q2WXYZ, seq 2: its row was changed: address against the state',
  ],
  [
    'a run that was taken out',
    "delete from runs where id = 'K7M2QX'",
    'broken: run K7M2QX, seq 6: it has a history, but the run itself is missing',
  ],
  [
    'a history that was taken out',
    "delete from events where chain = 'Q2WXYZ'",
    'broken: run Q2WXYZ, seq 1: event 1 is missing',
  ],
  [
    'a history of the installation that was taken out',
    "update system_chain set seq = 1, hash = 'x'",
    'broken: chain system, seq 1: event 1 is missing',
  ],
])('%s is found', async (_, statement, words) => {
  const { cwd, textops, run } = await sealed();
  const db = new Database(databaseFile(cwd));
  const guards = db
    .prepare<[], string>("select name from sqlite_schema where type = 'trigger'")
    .pluck()
    .all();
  for (const name of guards) db.exec(`drop trigger "${name}"`);
  expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
  db.close();
  expect(await textops('audit', 'verify')).toEqual({ code: 1, out: `${words}\n`, err: '' });
  const { code, out } = await run(['audit', 'verify', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ data: { ok: false, fault: { seq: expect.any(Number) } } });
});
