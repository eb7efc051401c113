import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readScores } from '../../core/flows/read-scores.ts';
import type { Store } from '../../core/ports/store.ts';
import { type Scorecard, scorecard } from '../../core/scorecard/card.ts';
import type { Drill, RefusalFigures, ScoreWindow } from '../../core/scorecard/readings.ts';
import { scorecardMarkdown } from '../../core/text/scorecard-words.ts';
import { isoOf } from '../../core/time/instant.ts';
import { verifier } from '../../seals/ed25519.ts';
import { readLastRecords } from '../../telemetry/read-log.ts';
import type { CliContext } from '../context.ts';
import { type DrillRecord, readEvidence } from '../evidence.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { knownSeals } from '../known-seals.ts';
import { logFile } from '../log-file.ts';
import { Stop } from '../stop.ts';

export interface ScorecardOptions {
  readonly days: number;
  readonly minutes?: number;
  readonly evidence?: string;
  readonly markdown?: string;
}

/** `textops scorecard`: every line of the gate over one window, from what is stored. 0 only when all of them pass. */
export const makeScorecard = async (context: CliContext, options: ScorecardOptions): Promise<ExitCode> => {
  const { io, voice, withStore } = context;
  const card = await withStore((store) => cardOf(context, store, options));
  const page = scorecardMarkdown(card);
  if (options.markdown !== undefined) await save(resolve(io.cwd, options.markdown), page);
  if (voice.json) voice.document('scorecard', view(card));
  else if (options.markdown === undefined) voice.data(page);
  else voice.data(`${card.verdict}: ${options.markdown}`);
  return card.verdict === 'PASS' ? EXIT.done : EXIT.failed;
};

const MINUTE_MS = 60_000;

const cardOf = async (context: CliContext, store: Store, options: ScorecardOptions): Promise<Scorecard> => {
  const { io, settings } = context;
  const until = await store.now();
  const window = { since: until - (options.minutes ?? options.days * 1440) * MINUTE_MS, until };
  const { drills, ...evidence } = await readEvidence(resolve(io.cwd, options.evidence ?? 'evidence'), window);
  const isDev = settings().profile === 'dev';
  const readings = await readScores(
    {
      store,
      seals: { ...(await knownSeals(context, undefined)), verifies: verifier() },
      log: await refusalsInLog(io.cwd, window),
      evidence: { ...evidence, drills: await outcomesOf(store, drills) },
      anybodyDecides: (identity) => isDev && /^(?:dev|terminal):/.test(identity),
    },
    window,
  );
  return scorecard(readings);
};

/** What a drill wrote down are its runs; how they ended is read where it cannot be edited unseen. */
const outcomesOf = async (store: Store, drills: readonly DrillRecord[]): Promise<readonly Drill[]> => {
  const found = await store.runs.find(drills.flatMap(({ runs }) => runs));
  return drills.map(({ job, runs }) => ({
    job,
    outcomes: runs.map((runId) => found.get(runId)?.state.status ?? 'unknown'),
  }));
};

/** More than a log keeps of a week, and less than takes long to read. */
const RECORDS_MAX = 100_000;
/** Whoever is refused before there is a message is counted once a second. */
const COUNTED_MS = 5000;

const KINDS: Readonly<Record<string, string>> = {
  'auth.refused': 'auth_refused',
  transition_rejected: 'transition_rejected',
};

const refusalsInLog = async (
  cwd: string,
  { since, until }: ScoreWindow,
): Promise<Omit<RefusalFigures, 'counted'>> => {
  const records = await readLastRecords(logFile(cwd), RECORDS_MAX, { since });
  const settled = records.filter(({ time }) => Date.parse(time) < until - COUNTED_MS);
  const logged: Record<string, number> = {};
  for (const { event } of settled) {
    const kind = KINDS[event];
    if (kind !== undefined) logged[kind] = (logged[kind] ?? 0) + 1;
  }
  return { logRecords: settled.length, logged };
};

const save = async (path: string, page: string): Promise<void> => {
  try {
    await writeFile(path, page);
  } catch (error) {
    throw new Stop({ code: 'FAILED', message: `${path} could not be written.` }, error);
  }
};

const view = ({ since, until, lines, verdict, reasons }: Scorecard) => ({
  since: isoOf(since),
  until: isoOf(until),
  lines: lines.map((line) => ({ ...line, value: line.value ?? null, why: line.why ?? null })),
  verdict,
  reasons,
});
