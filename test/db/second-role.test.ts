import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { judgeGuards } from '../../src/cli/doctor/check-history.ts';
import { openStore } from '../../src/db/open.ts';
import { act, approve, request } from '../contracts/given.ts';
import { sealerOn } from '../sealer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

// What docs/operations.md tells to type, typed.

const query = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

const taught = async (role: string): Promise<string> => {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const block = /<!-- second role: .*?-->\n```sql\n([\s\S]*?)```/.exec(page)?.[1];
  if (block === undefined) throw new Error('the page teaches no second role');
  return block.replaceAll('textops_app', role);
};

const withRole = async () => {
  const owner = await freshPostgresDatabase(inject('postgresUrl'));
  const role = new URL(owner.url).pathname.slice(1).replace('test', 'role');
  onTestFinished(async () => {
    await owner.drop();
    await query(inject('postgresUrl'), `drop role if exists ${role}`);
  });
  await (await openStore({ url: owner.url })).close();
  await query(owner.url, await taught(role));
  const own = new URL(owner.url);
  own.username = role;
  own.password = 'choose one';
  return { owner: owner.url, app: own.href, role };
};

test('a role of its own lets the program do everything but edit the history', async () => {
  const { owner, app, role } = await withRole();
  // As `start` does: with nothing to migrate it needs no rights for it.
  const store = await openStore({ url: app });
  onTestFinished(() => store.close());
  await act(store, 'A', request('A'));
  await act(store, 'A', approve());
  const { sealAll, verify } = await sealerOn(store);
  await sealAll();
  expect(await verify()).toMatchObject({ events: 4, unsealed: 0, newest: { number: 1 } });
  for (const sql of [
    "update events set actor = 'user:eve'",
    'delete from events',
    'truncate events',
    'update seals set at = 1',
    'delete from seal_heads',
    'alter table events disable trigger all',
    'drop trigger events_refuse_change on events',
    'set session_replication_role = replica',
    "update schema_migrations set checksum = 'x'",
  ]) {
    await expect(query(app, sql)).rejects.toThrow(/permission denied|must be owner/);
  }
  const guards = await store.history.guards();
  expect(guards).toEqual({ missing: [] });
  expect(judgeGuards(guards, 'pg').state).toBe('ok');

  await query(owner, `grant delete on events to ${role}`);
  const editor = `the role ${role}, which the program uses and which has the right to change its tables`;
  expect(await store.history.guards()).toEqual({ missing: [], editor });
  await query(owner, `alter table events owner to ${role}`);
  expect((await store.history.guards()).editor).toMatch(/ owns its tables$/);
  expect(judgeGuards(await store.history.guards(), 'pg')).toMatchObject({
    state: 'warning',
    cure: expect.stringContaining('a role of its own'),
  });
  await query(owner, 'alter table seals disable trigger seals_refuse_change');
  const { missing } = await store.history.guards();
  expect(missing).toEqual(['seals_refuse_change']);
  expect(judgeGuards({ missing }, 'pg').state).toBe('bad');
});

test('a superuser is told to be one', async () => {
  const { owner } = await withRole();
  const store = await openStore({ url: owner });
  onTestFinished(() => store.close());
  expect((await store.history.guards()).editor).toMatch(/, which the program uses and which is a superuser$/);
});
