import { resolve } from 'node:path';
import { DumpRefused } from '../../db/pg/dump.ts';
import { noteVerifiedBackup } from '../../program/verified-backup.ts';
import type { CliContext } from '../context.ts';
import { assertThere, inWords } from '../database.ts';
import { type Backup, backUp, backupFolder, pruneBackups } from '../db/backup.ts';
import { knownSeals } from '../known-seals.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface BackupOptions {
  readonly to?: string;
  readonly verify: boolean;
  readonly prune: boolean;
}

/** `textops db backup`: one consistent copy, while everything goes on. stdout is the name of the file. */
export const dbBackup = async (context: CliContext, options: BackupOptions): Promise<ExitCode> => {
  const { voice, io } = context;
  const { database, sealKeyFile } = context.settings();
  assertThere(database);
  const folder = options.to === undefined ? backupFolder(database, sealKeyFile) : resolve(io.cwd, options.to);
  const made = await inWords(database, () =>
    orRefused(async () => {
      const seals = options.verify
        ? { seals: await knownSeals({ cwd: io.cwd, sealKeyFile }, undefined) }
        : {};
      return backUp(database, { folder, now: io.now(), ...seals });
    }),
  );
  if (made.tried?.kind === 'restored') await noteVerifiedBackup(database, io.cwd, io.now());
  const pruned = options.prune ? await pruneBackups(folder) : [];
  if (voice.json) {
    voice.document('backup', { ...made, tried: made.tried ?? null, pruned });
    return EXIT.done;
  }
  voice.data(made.file);
  voice.talk(triedWords(made));
  for (const name of pruned) voice.talk(`Removed ${name}.`);
  return EXIT.done;
};

const triedWords = ({ tried }: Backup): string => {
  switch (tried?.kind) {
    case undefined:
      return 'Not tried out; --verify does.';
    case 'listed':
      return `Its list of ${tried.tables} tables was read. Restored it was not; docs/operations.md says how to.`;
    case 'restored':
      return `Restored beside, opened and verified: ${tried.runs} runs, ${tried.events} events, schema ${tried.schema}.`;
  }
};

/** What the tools of PostgreSQL say is one sentence already. */
export const orRefused = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DumpRefused) throw new Stop({ code: 'FAILED', message: error.message }, error);
    throw error;
  }
};
