import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import { readSealLine } from '../../src/core/runs/seal.ts';
import { asks } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';
import { administer, ask, keyFile, published, seal, sealedBench } from './sealed-bench.ts';

describe('textops audit verify', () => {
  test('says what is sealed, and what not yet', async () => {
    const bench = await sealedBench();
    const { out, code, err } = await bench.textops('audit', 'verify');
    expect(out).toMatch(
      /^ok: 8 events in 2 chains, all of them sealed \(seal 2 of \d{4}-\d\d-\d\dT[\d:.]+Z\)\n$/,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await ask(bench, 'R2WXYZ');
    expect((await bench.textops('audit', 'verify')).out).toMatch(
      /^ok: 10 .*, 2 of them not sealed yet \(seal 2 /,
    );
    expect(await bench.document('audit', 'verify')).toMatchObject({
      data: { ok: true, events: 10, chains: 3, unsealed: 2, seal: { number: 2 }, fault: null },
      warnings: [],
    });
  });

  test.each([
    [
      'a run that was taken out whole',
      "delete from events where chain = 'Q2WXYZ'; delete from runs where id = 'Q2WXYZ'",
      /^broken: run Q2WXYZ, seq 1: all of it is gone, and seal 2 names it\n$/,
    ],
    [
      'a payload that is no JSON any more',
      "update events set payload = '{' where chain = 'K7M2QX' and seq = 2",
      /^broken: run K7M2QX, seq 2: event 2 was changed: its hash does not match\n$/,
    ],
    [
      'an event without an actor, which the table forbids',
      'create table bare as select * from events; drop table events; alter table bare rename to events; ' +
        'update events set actor = null where seq = 2',
      /^broken: run K7M2QX, seq 2: event 2 was changed: its hash does not match\n$/,
    ],
    [
      'a number that is text',
      "update events set seq = 'two' where chain = 'Q2WXYZ' and seq = 2",
      /^broken: run Q2WXYZ, seq 2: event 2 is missing/,
    ],
    [
      'a state that is no JSON any more',
      "update runs set state = 'x' where id = 'K7M2QX'",
      /^broken: run K7M2QX, seq 6: its state cannot be read\n$/,
    ],
    [
      'a seal with another time',
      'update seals set at = at - 60000 where number = 1',
      /^broken: seal 1: it was changed: its hash does not match\n$/,
    ],
    [
      'a seal that was taken out',
      'delete from seals where number = 1',
      /^broken: seal 2: seal 1 is missing before it\n$/,
    ],
    [
      'a run that is said to be sealed further than it is',
      "update runs set sealed_seq = 7 where id = 'K7M2QX'",
      /^broken: run K7M2QX, seq 6: its row says that it is sealed up to event 7; the seals say 6\n$/,
    ],
  ])('finds %s', async (_, statements, words) => {
    const { cwd, textops, document } = await sealedBench();
    administer(cwd, statements);
    const { code, out } = await textops('audit', 'verify');
    expect(out).toMatch(words);
    expect(code).toBe(1);
    const { data } = await document('audit', 'verify');
    expect(data).toMatchObject({ ok: false, fault: { message: expect.any(String) } });
  });

  test('finds records of the installation without their head, and a head without its records', async () => {
    const bench = await sealedBench();
    await bench.inStore(recordInstalledGates);
    administer(
      bench.cwd,
      "create table kept as select * from events where chain = 'system'; delete from system_chain",
    );
    expect((await bench.textops('audit', 'verify')).out).toBe(
      'broken: chain system, seq 3: it has a history, but its head is missing\n',
    );
    administer(
      bench.cwd,
      "delete from events where chain = 'system'; insert into system_chain values ('system', 3, 'x', 0)",
    );
    expect((await bench.textops('audit', 'verify')).out).toBe(
      'broken: chain system, seq 1: event 1 is missing\n',
    );
  });

  test('a database that was rolled back ends before the published seals', async () => {
    const bench = await sealedBench();
    const { cwd, textops } = bench;
    const older = join(cwd, 'older.db');
    await copyFile(databaseFile(cwd), older);
    await ask(bench, 'R2WXYZ');
    await seal(bench);
    await copyFile(older, databaseFile(cwd));
    expect(await textops('audit', 'verify')).toEqual({
      code: 1,
      out:
        'broken: seal 3: data/seals.log names it, and the database has no seal after 2: ' +
        'it was rolled back, cut or replaced\n',
      err: '',
    });
    // As a copy by itself there is nothing wrong with it.
    const alone = await textops('audit', 'verify', '--db', 'file:older.db', '--seals', '/dev/null');
    expect(alone).toMatchObject({ code: 0, err: expect.stringContaining('whether the end was cut off') });
  });

  test('a database that was replaced by a new one is found out, and so is one that was sealed again', async () => {
    const bench = await sealedBench();
    const { cwd, textops } = bench;
    await rm(databaseFile(cwd));
    await textops('migrate');
    expect((await textops('audit', 'verify')).out).toMatch(
      /^broken: seal 2: data\/seals.log names it, .*no seal: /,
    );
    await expect(seal(bench)).rejects.toThrow(/which this database does not have/);
    await bench.inStore((store) => seedRun(store, asks()));
    await seal(bench, join(cwd, 'other', 'seal.key'));
    expect((await textops('audit', 'verify')).out).toBe(
      'broken: seal 1: data/seals.log names another one of this number\n',
    );
    // And without the file, the key.
    await rm(published(cwd));
    expect((await textops('audit', 'verify')).out).toMatch(
      /^broken: seal 1: it is signed with the key [0-9a-f]{16}, which nobody vouches for\n$/,
    );
  });

  test('published seals may be kept anywhere, as short as a chat tells them', async () => {
    const { cwd, textops } = await sealedBench();
    const [, second = ''] = (await readFile(published(cwd), 'utf8')).split('\n');
    const { number, hash } = readSealLine(second) ?? { number: 0, hash: '' };
    await writeFile(join(cwd, 'noted.txt'), `${number} ${hash}\n`);
    expect((await textops('audit', 'verify', '--seals', 'noted.txt')).code).toBe(0);
    await writeFile(
      join(cwd, 'noted.txt'),
      `${number} ${hash.replace(/^./, (one) => (one === '0' ? '1' : '0'))}\n`,
    );
    expect((await textops('audit', 'verify', '--seals', 'noted.txt')).out).toBe(
      'broken: seal 2: noted.txt names another one of this number\n',
    );
  });

  test('who knows no key is told that nobody vouches for the one that signed', async () => {
    const { cwd, textops, document } = await sealedBench();
    await rm(keyFile(cwd));
    await rm(published(cwd));
    const { code, err } = await textops('audit', 'verify');
    expect(code).toBe(0);
    expect(err).toMatch(/^Nobody vouches for the key [0-9a-f]{16} that signed; /);
    const { warnings } = await document('audit', 'verify');
    expect(warnings).toHaveLength(2);
    await writeFile(keyFile(cwd), 'not for us');
    expect((await textops('audit', 'verify')).code).toBe(0);
  });

  test('a file of published seals that is none is refused in one sentence', async () => {
    const { cwd, textops } = await sealedBench();
    expect(await textops('audit', 'verify', '--seals', 'nowhere.log')).toEqual({
      code: 3,
      out: '',
      err: `There is no file ${join(cwd, 'nowhere.log')}.\n`,
    });
    await appendFile(published(cwd), 'hello\n');
    expect(await textops('audit', 'verify')).toEqual({
      code: 1,
      out: '',
      err: `${published(cwd)}:3 is no published seal\n`,
    });
  });
});

test('textops audit seals prints the newest, as they were published', async () => {
  const bench = await cliBench();
  await bench.textops('migrate');
  expect(await bench.textops('audit', 'seals')).toEqual({
    code: 0,
    out: '',
    err: 'Nothing is sealed yet.\n',
  });
  await ask(bench, 'Q2WXYZ');
  await seal(bench);
  await ask(bench, 'R2WXYZ');
  await seal(bench);
  const log = await readFile(published(bench.cwd), 'utf8');
  expect((await bench.textops('audit', 'seals')).out).toBe(log);
  expect((await bench.textops('audit', 'seals', '-n', '1')).out).toBe(`${log.trim().split('\n')[1]}\n`);
  expect((await bench.document('audit', 'seals')).data).toMatchObject([
    { number: 1, events: 2 },
    { number: 2 },
  ]);
});

test('a key that cannot be used is bad configuration, with one line', async () => {
  const { cwd, textops } = await sealedBench();
  await writeFile(keyFile(cwd), 'rubbish');
  expect(await textops('check')).toEqual({
    code: 78,
    out: '',
    err: `SEAL_KEY_FILE: ${keyFile(cwd)} holds no private Ed25519 key in PEM\n`,
  });
  expect((await textops('start')).code).toBe(78);
});
