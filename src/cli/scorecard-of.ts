import { resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { readScores } from '../core/flows/history/read-scores.ts';
import type { Store } from '../core/ports/store.ts';
import { type Scorecard, scorecard } from '../core/scorecard/card.ts';
import type { Drill, RefusalFigures, ScoreWindow } from '../core/scorecard/readings.ts';
import { verifier } from '../seals/ed25519.ts';
import { readLastRecords } from '../telemetry/read-log.ts';
import { type DrillRecord, readEvidence } from './evidence.ts';
import { knownSeals } from './known-seals.ts';
import { logFile } from './log-file.ts';

/** Where everything lies that a scorecard is made from. */
export interface ScorePlace {
  readonly store: Store;
  readonly settings: Pick<Settings, 'profile' | 'sealKeyFile'>;
  readonly cwd: string;
  /** A folder; `./evidence` unless said otherwise. */
  readonly evidence?: string;
  /** Lets others work meanwhile; absent where nobody waits. */
  readonly rest?: () => Promise<void>;
}

/** The gate over one window, for the command line and for the console. */
export const scorecardOf = async (place: ScorePlace, window: ScoreWindow): Promise<Scorecard> => {
  const { store, settings, cwd, rest } = place;
  const { profile, sealKeyFile } = settings;
  const { drills, ...evidence } = await readEvidence(resolve(cwd, place.evidence ?? 'evidence'), window);
  const readings = await readScores(
    {
      store,
      seals: { ...(await knownSeals({ cwd, sealKeyFile }, undefined)), verifies: verifier() },
      log: await refusalsInLog(cwd, window),
      evidence: { ...evidence, drills: await outcomesOf(store, drills) },
      anybodyDecides: (identity) => profile === 'dev' && /^(?:dev|terminal):/.test(identity),
      ...(rest === undefined ? {} : { rest }),
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
