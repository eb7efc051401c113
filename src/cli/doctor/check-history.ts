import { stat } from 'node:fs/promises';
import type { Settings } from '../../config/settings.ts';
import type { HistoryGuards, IHistory } from '../../core/ports/history.ts';
import { keyId } from '../../core/runs/seal.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { readSealKey, SealKeyRefused, sealFileBeside } from '../../seals/key-file.ts';
import { sealFile } from '../../seals/seal-file.ts';
import { withDatabase } from '../database.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

/** Who could edit the history past the program, and whether an edit would show. For a database that can be read. */
export const checkHistory = (settings: Settings): Promise<readonly Finding[]> =>
  withDatabase(settings.database, async (store) => [
    judgeGuards(await store.history.guards(), store.kind),
    ...(await checkKey(settings.sealKeyFile)),
    await checkSeals(store.history, sealFileBeside(settings.sealKeyFile), await store.now()),
  ]);

export const judgeGuards = ({ missing, editor }: HistoryGuards, kind: 'sqlite' | 'pg'): Finding => {
  if (missing.length > 0) {
    const cure = 'find out who took it down, and run npx textops audit verify';
    return bad('history', `not append-only: ${missing.join(', ')} is missing`, cure);
  }
  if (editor === undefined) return ok('history', 'append-only, and our own role cannot change that');
  const words = `append-only, but not for ${editor}`;
  // There is nothing to be done about it on SQLite.
  return kind === 'sqlite'
    ? ok('history', words)
    : warning('history', words, 'give the program a role of its own (docs/operations.md, Audit)');
};

const checkKey = async (file: string): Promise<readonly Finding[]> => {
  try {
    const signer = await readSealKey(file);
    if (signer === undefined)
      return [ok('seal key', `${file} does not exist yet; npx textops start makes it`)];
    const { mode } = await stat(file);
    // Windows knows no such bits.
    const open = process.platform !== 'win32' && (mode & 0o077) !== 0;
    return [
      open
        ? warning('seal key', `${file} is open to others than its owner`, `chmod 600 ${file}`)
        : ok('seal key', `${keyId(signer.key)} in ${file}`),
    ];
  } catch (error) {
    if (!(error instanceof SealKeyRefused)) throw error;
    return [bad('seal key', error.message, 'put the key back, or name another file in SEAL_KEY_FILE')];
  }
};

const checkSeals = async (history: IHistory, path: string, now: number): Promise<Finding> => {
  const { newest } = await history.look('', 1);
  try {
    const missing = await missingSeal(history, path);
    if (missing !== undefined) {
      const words = `${path} names seal ${missing}, which the database does not have`;
      return bad(
        'seals',
        words,
        'it was rolled back, cut or replaced; if that was meant, move the file away',
      );
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return bad('seals', words, 'take a copy of the file, and correct the line');
  }
  if (newest === undefined) return ok('seals', 'nothing is sealed yet');
  return ok('seals', `${newest.number}, the newest ${formatDuration(Math.max(0, now - newest.at))} ago`);
};

/** The number of the newest published seal, when the database does not have it: it was rolled back, or is another one. */
export const missingSeal = async (history: IHistory, path: string): Promise<number | undefined> => {
  const last = await sealFile(path).last();
  if (last === undefined) return undefined;
  const [there] = await history.seals(last.number - 1, 1);
  return there?.number === last.number && there.hash === last.hash ? undefined : last.number;
};
