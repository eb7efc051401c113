import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PROBATION_MS, STANDINGS, type Standing } from '../../core/flows/ops/standing.ts';

const Entry = z.object({
  at: z.string(),
  who: z.string(),
  action: z.enum(['deploy', 'rollback', 'config']),
  from: z.string().nullable(),
  to: z.string(),
  /** `healthy`: it passed its gate. `returned`: it did not, and the one before it runs again. `failed`: nothing healthy runs. */
  result: z.enum(['healthy', 'returned', 'failed', 'refused']),
  /** Why not; of a healthy one, what could not be found out. */
  reason: z.string().nullable(),
  seconds: z.number(),
  configHash: z.string().nullable(),
  /** How `from` had done when it was left, by the incidents on its record; absent where nobody could say. */
  stood: z.enum(STANDINGS).optional(),
});

/** One line of what was done here, by whom, and how it ended. */
export type Entry = z.output<typeof Entry>;

/** Oldest first. A line that was cut off by a power failure is no entry. */
export const readLedger = async (file: string): Promise<readonly Entry[]> => {
  if (!existsSync(file)) return [];
  return (await readFile(file, 'utf8')).split('\n').flatMap((line) => {
    const read = Entry.safeParse(parsed(line));
    return read.success ? [read.data] : [];
  });
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

export const note = (file: string, entry: Entry): Promise<void> =>
  appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o640 });

/** When the release that runs was brought here last, by deploying it, or by coming back to it. */
export const broughtAt = (entries: readonly Entry[], id: string): string | undefined =>
  entries.findLast(({ action, result, from, to }) =>
    action === 'config' ? false : result === 'healthy' ? to === id : result === 'returned' && from === id,
  )?.at;

/**
 * Where a rollback goes when nobody says: to the release that is known to be good, was so last, and does not run now; without one,
 * to the last one that passed its gate and was in no trouble. Never by the age of a folder.
 */
export const lastGood = (
  entries: readonly Entry[],
  current: string | undefined,
  now: number,
): string | undefined => {
  const healthy = entries
    .filter(({ action, result }) => result === 'healthy' && action !== 'config')
    .map(({ to, at }, index, all) => ({
      id: to,
      stood: verdictOn(entries, to) ?? byTime(at, all[index + 1]?.at ?? new Date(now).toISOString()),
    }))
    .filter(({ id }) => id !== current)
    .toReversed();
  const choice =
    healthy.find(({ stood }) => stood === 'known_good') ??
    healthy.find(({ stood }) => stood !== 'in_trouble') ??
    healthy[0];
  return choice?.id;
};

/**
 * The configuration that the installation is known to have been good with last, among those that can be had; without one, the last one
 * that something served with.
 */
export const lastGoodConfig = (
  entries: readonly Entry[],
  now: number,
  isThere: (hash: string) => boolean,
): string | undefined => {
  const settled = entries.filter(({ result }) => result !== 'refused');
  const had = settled
    .flatMap(({ result, configHash, at }, index) => {
      if (result !== 'healthy' || configHash === null || !isThere(configHash)) return [];
      const next = settled[index + 1];
      return [{ configHash, stood: next?.stood ?? byTime(at, next?.at ?? new Date(now).toISOString()) }];
    })
    .toReversed();
  return (had.find(({ stood }) => stood === 'known_good') ?? had[0])?.configHash;
};

/** The newest that says anything: a release that was left again at once is still what it was before. */
const verdictOn = (entries: readonly Entry[], id: string): Standing | undefined => {
  const said = entries.flatMap(({ from, stood }) => (from === id && stood !== undefined ? [stood] : []));
  return said.findLast((stood) => stood !== 'too_short') ?? said.at(-1);
};

/** For a release that was left when nobody could ask it any more. */
const byTime = (from: string, until: string): Standing =>
  Date.parse(until) - Date.parse(from) >= PROBATION_MS ? 'known_good' : 'too_short';
