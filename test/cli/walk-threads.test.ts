import { expect, test } from 'vitest';
import { walkInThreads } from '../../src/cli/walk-threads.ts';
import { verifyHistory } from '../../src/core/flows/history/verify-history.ts';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import { ALPHABET } from '../../src/core/text/grammar/crockford.ts';
import { verifier } from '../../src/seals/ed25519.ts';
import { asks, backup, bob, says } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';
import { administer } from './sealed-bench.ts';

const nothing = {
  published: new Map(),
  publishedIn: 'seals.log',
  keys: new Set<string>(),
  verifies: verifier(),
};

/** One run for every letter that an id can begin with, and the records of the installation. */
const everywhere = async () => {
  const bench = await cliBench();
  await bench.inStore(async (store) => {
    await recordInstalledGates(store);
    for (const letter of ALPHABET)
      await seedRun(store, asks(backup, { runId: `${letter}7M2QX` }), says.yes(bob));
  });
  const url = `file:${databaseFile(bench.cwd)}`;
  const verify = (threads: number) =>
    bench.inStore((store) => verifyHistory(store, nothing, walkInThreads(url, threads, 1)));
  return { ...bench, verify };
};

test('several threads read every chain once, and say what one says', async () => {
  const { inStore, verify } = await everywhere();
  const alone = await inStore((store) => verifyHistory(store, nothing));
  expect(alone).toMatchObject({ chains: 33, events: 3 + 32 * 4 });
  for (const threads of [1, 3]) expect(await verify(threads)).toEqual(alone);
});

test('what was changed is found in whichever range it lies, and the first one is named', async () => {
  const { cwd, verify } = await everywhere();
  for (const chain of ['Z7M2QX', 'F7M2QX']) {
    administer(cwd, `update events set actor = 'user:dev:eve' where chain = '${chain}' and seq = 2`);
    expect((await verify(3)).fault).toMatchObject({ chain, seq: 2 });
  }
  administer(cwd, "delete from events where chain <> 'system'; delete from runs");
  administer(cwd, "update events set actor = 'user:dev:eve' where chain = 'system' and seq = 2");
  expect((await verify(3)).fault).toMatchObject({ chain: 'system', seq: 2 });
});

test('a database that a thread cannot open ends the verification', async () => {
  const { inStore } = await cliBench();
  const walk = walkInThreads('file:/nowhere/textops.db', 2, 0);
  await expect(inStore((store) => verifyHistory(store, nothing, walk))).rejects.toThrow('database');
});
