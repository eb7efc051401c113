import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';

const Entry = z.object({
  at: z.string(),
  who: z.string(),
  action: z.enum(['deploy', 'rollback']),
  from: z.string().nullable(),
  to: z.string(),
  /** `healthy`: it passed its gate. `returned`: it did not, and the one before it runs again. `failed`: nothing healthy runs. */
  result: z.enum(['healthy', 'returned', 'failed', 'refused']),
  /** Why not; of a healthy one, what could not be found out. */
  reason: z.string().nullable(),
  seconds: z.number(),
  configHash: z.string().nullable(),
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

/** A release that stood for so long is known to be good; one that only passed its gate merely looked so. */
export const PROBATION_MS = 10 * 60_000;

/**
 * Where a rollback goes when nobody says: to the release that is known to be good, was so last, and does not run now; without one,
 * to the last one that passed its gate. Never by the age of a folder.
 */
export const lastGood = (
  entries: readonly Entry[],
  current: string | undefined,
  now: number,
): string | undefined => {
  const healthy = entries
    .filter(({ result }) => result === 'healthy')
    .map(({ to, at }, index, all) => ({
      id: to,
      stoodMs: Date.parse(all[index + 1]?.at ?? new Date(now).toISOString()) - Date.parse(at),
    }))
    .filter(({ id }) => id !== current)
    .toReversed();
  return (healthy.find(({ stoodMs }) => stoodMs >= PROBATION_MS) ?? healthy[0])?.id;
};
