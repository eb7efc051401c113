import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sealHistory } from '../../src/core/flows/history/seal-history.ts';
import { verifier } from '../../src/seals/ed25519.ts';
import { openSealKey, sealFileBeside } from '../../src/seals/key-file.ts';
import { sealFile } from '../../src/seals/seal-file.ts';
import { asks, backup, bob, noon, says, starts, succeeds } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';

export type Bench = Awaited<ReturnType<typeof cliBench>>;

export const keyFile = (cwd: string): string => join(cwd, 'data', 'seal.key');
export const published = (cwd: string): string => sealFileBeside(keyFile(cwd));

/** As a program seals that was started in this folder, or with another key. */
export const seal = ({ cwd, inStore }: Bench, key = keyFile(cwd)): Promise<void> =>
  inStore(async (store) => {
    const tools = {
      signer: await openSealKey(key),
      file: sealFile(sealFileBeside(key)),
      verifies: verifier(),
    };
    const nobody = () => undefined;
    await sealHistory({ store, ...tools, observe: nobody, chat: nobody })('now');
  });

export const ask = ({ inStore }: Bench, runId: string): Promise<void> =>
  inStore((store) => seedRun(store, asks(backup, { runId, at: noon })));

/** A folder with two runs in its database, sealed one after the other. */
export const sealedBench = async (): Promise<Bench> => {
  const bench = await cliBench();
  await bench.inStore((store) => seedRun(store, asks(), says.yes(bob), starts(), succeeds()));
  await seal(bench);
  await ask(bench, 'Q2WXYZ');
  await seal(bench);
  return bench;
};

/** Somebody who gets past the guards. */
export const administer = (cwd: string, statements: string): void => {
  const db = new Database(databaseFile(cwd));
  const guards = db
    .prepare<[], string>("select name from sqlite_schema where type = 'trigger'")
    .pluck()
    .all();
  for (const name of guards) db.exec(`drop trigger "${name}"`);
  db.exec(statements);
  db.close();
};
