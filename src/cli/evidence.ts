import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Evidence, ScoreWindow } from '../core/scorecard/readings.ts';
import { Stop } from './voice/stop.ts';

/** How old the proof of the invariants, and of the faults brought about on purpose, may be. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

const When = z.iso.datetime().transform((text) => Date.parse(text));
const Count = z.number().int().nonnegative();
const Invariants = z.object({ at: When, total: Count, failed: Count });
const Polls = z.object({
  campaign: z.literal('polls that time out in bursts'),
  at: When,
  bursts: Count,
  recovered: Count,
});
export const DrillRecord = z.object({ job: z.string(), at: When, runs: z.array(z.string()) });
export type DrillRecord = z.output<typeof DrillRecord>;

export const drillsFile = (folder: string): string => join(folder, 'drills.jsonl');

export interface ReadEvidence extends Omit<Evidence, 'drills'> {
  /** How their runs ended, the database says. */
  readonly drills: readonly DrillRecord[];
}

/** What was tried out beside the program and written into this folder, as far as it is new enough for the window. */
export const readEvidence = async (folder: string, window: ScoreWindow): Promise<ReadEvidence> => {
  const isNew = ({ at }: { readonly at: number }): boolean =>
    at >= window.until - KEPT_MS && at < window.until;
  const invariants = Invariants.safeParse(jsonOf(await textOf(join(folder, 'invariants.json')))).data;
  const polls = linesOf(await textOf(join(folder, 'chaos.jsonl')), Polls).findLast(isNew);
  const drills = linesOf(await textOf(drillsFile(folder)), DrillRecord);
  return {
    ...(invariants === undefined || !isNew(invariants) ? {} : { invariants }),
    ...(polls === undefined ? {} : { polls: { faults: polls.bursts, recovered: polls.recovered } }),
    drills: newestOfJob(drills.filter(({ at }) => at >= window.since && at < window.until)),
  };
};

const newestOfJob = (drills: readonly DrillRecord[]): readonly DrillRecord[] => [
  ...new Map(drills.toSorted((a, b) => a.at - b.at).map((drill) => [drill.job, drill])).values(),
];

/** Lines of other campaigns, and those that were cut off, are no evidence of this. */
const linesOf = <S extends z.ZodType>(text: string, schema: S): readonly z.output<S>[] =>
  text.split('\n').flatMap((line) => {
    const { data } = schema.safeParse(jsonOf(line));
    return data === undefined ? [] : [data];
  });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Nobody has to have any evidence; then the lines that need it say so. */
const textOf = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new Stop({ code: 'FAILED', message: `${path} could not be read.` }, error);
  }
};
