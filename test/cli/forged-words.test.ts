import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ana, asks, backup, bob, by, noon, says, starts, succeeds } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';
import { administer, seal, sealedBench } from './sealed-bench.ts';

/** Goes up a line and writes another verdict over it, in the two ways that terminals know. */
const FORGED = '\u001b[1A\u001b[2K\u009b32mok: 8 events in 2 chains';

/** Only what makes a terminal do something; a line feed may be one of ours. */
const STEERS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const steersIn = (text: string): readonly string[] =>
  text.split(/[\t\n]/).filter((part) => STEERS.test(part));

test('who wrote to the database past the program writes nothing on the screen of an auditor', async () => {
  const bench = await sealedBench();
  const { cwd, textops } = bench;
  await bench.inStore((store) => store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 1, at: 1 }));
  administer(
    cwd,
    `insert into events select '${FORGED}', seq, type, at, actor, payload, hash from events where chain = 'Q2WXYZ'`,
  );
  await copyFile(databaseFile(cwd), join(cwd, 'copy.db'));
  for (const argv of [
    ['audit', 'verify'],
    ['audit', 'verify', '--json'],
    ['db', 'verify', 'file:copy.db'],
    ['db', 'backup', '--verify'],
  ]) {
    const { code, out, err } = await textops(...argv);
    expect([code, argv, steersIn(out + err)]).toEqual([1, argv, []]);
  }
  expect((await textops('audit', 'verify')).out).toMatch(/^broken: run \u{FFFD}\[1A.*, seq 1: event 1 was/u);
});

test('a seal that was rewritten is printed as one line that steers nothing', async () => {
  const bench = await sealedBench();
  await seal(bench);
  administer(bench.cwd, `update seals set key = '\n${FORGED}' where number = 2`);
  const { out } = await bench.textops('audit', 'seals');
  expect(steersIn(out)).toEqual([]);
  expect(out.trimEnd().split('\n')).toHaveLength(2);
});

test('what people and jobs wrote is shown by every reading command, and steers none', async () => {
  const { inStore, textops } = await cliBench();
  const asker = by({ ...ana, name: `Ana${FORGED}` });
  const params = { db: `main\n${FORGED}` };
  await inStore((store) =>
    seedRun(store, asks(backup, { by: asker, params }), says.yes(bob), starts(), succeeds(1, noon, FORGED)),
  );
  for (const argv of [
    ['runs'],
    ['runs', '--json'],
    ['show', 'K7M2QX'],
    ['show', 'K7M2QX', '--json'],
    ['replay', 'K7M2QX'],
    ['trace', 'K7M2QX'],
    ['dead-letters'],
    ['ops'],
    ['show', FORGED],
    ['replay', FORGED],
    ['logs', FORGED],
  ]) {
    const { out, err } = await textops(...argv);
    expect([argv, steersIn(out + err)]).toEqual([argv, []]);
  }
  expect((await textops('show', 'K7M2QX')).out).toContain('ok: 8 events in 2 chains');
});
