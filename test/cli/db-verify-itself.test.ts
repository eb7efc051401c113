import { copyFile, link, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backupVerifiedAt } from '../../src/program/verified-backup.ts';
import { noon } from '../cast.ts';
import { cliBench, databaseFile } from './cli-bench.ts';

/** An installation that was heard at noon. */
const heard = async () => {
  const bench = await cliBench();
  await bench.inStore((store) => store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: noon }));
  const file = databaseFile(bench.cwd);
  return { ...bench, file, at: () => backupVerifiedAt({ dialect: 'sqlite', file }, bench.cwd) };
};

describe('a database is no backup of its own', () => {
  test.each([
    ['a path from here', () => 'file:data/textops.db'],
    ['a path with detours', () => 'file:./data/../data//textops.db'],
    ['an address with three slashes', (cwd: string) => `file://${databaseFile(cwd)}`],
    ['a link that leads to it', () => 'file:link.db'],
    ['another name of the same file', () => 'file:twin.db'],
  ])('by %s', async (_, url) => {
    const { textops, cwd, file, at } = await heard();
    await symlink(file, join(cwd, 'link.db'));
    await link(file, join(cwd, 'twin.db'));
    expect(await textops('db', 'verify', url(cwd))).toEqual({
      code: 4,
      out: '',
      err: 'That is the database itself. Restore a backup somewhere else and name that.\n',
    });
    expect(await at()).toBeUndefined();
  });

  const SERVER = 'postgres://textops:a@127.0.0.1:9/textops';

  test.each([
    ['the same address', SERVER, SERVER],
    ['somebody else', SERVER, 'postgres://auditor:b@127.0.0.1:9/textops'],
    [
      'the longer name of the protocol',
      SERVER,
      'postgresql://textops:a@127.0.0.1:9/textops?application_name=x',
    ],
    ['the port that goes without saying', 'postgres://db.invalid/ops', 'postgres://db.invalid:5432/ops'],
  ])('on a server, with %s', async (_, own, copy) => {
    const { run } = await cliBench();
    const answer = await run(['db', 'verify', copy], { env: { DATABASE_URL: own } });
    expect(answer).toMatchObject({ code: 4, err: expect.stringMatching(/^That is the database itself/) });
  });

  test('but another database of the same server, and a file beside one on a server, may be', async () => {
    const { run, cwd, file } = await heard();
    await copyFile(file, join(cwd, 'textops'));
    const verify = (copy: string) => run(['db', 'verify', copy], { env: { DATABASE_URL: SERVER } });
    expect((await verify('postgres://textops:a@127.0.0.1:9/restored')).err).toMatch(
      /^The database postgres:\/\/127\.0\.0\.1:9\/restored cannot be used: /,
    );
    expect((await verify('file:textops')).out).toMatch(/^ok: 0 events in 0 chains, as of 2026-11-21T12:00/);
  });
});

test('a copy is meant from the folder of the command, and the same words mean the same as in DATABASE_URL', async () => {
  const { textops, cwd, file, at } = await heard();
  await copyFile(file, join(cwd, 'data', 'copy.db'));
  for (const url of ['file:data/copy.db', `file://${cwd}/data/copy.db`]) {
    expect(await textops('db', 'verify', url)).toMatchObject({ code: 0, err: '' });
  }
  expect(await at()).toBe(noon);
});

test.each([':memory:', 'file::memory:', 'file:', '', 'mysql://db/x', 'postgres://db:x/ops', 'data/copy.db'])(
  '%j is no database that could be a copy',
  async (url) => {
    const { textops, at } = await heard();
    const answer = await textops('db', 'verify', url);
    expect(answer).toEqual({ code: 2, out: '', err: 'A database is file:PATH or postgres://…\n' });
    expect(await at()).toBeUndefined();
  },
);
