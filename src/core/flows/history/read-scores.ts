import { accountBehind } from '../../people/person.ts';
import type { IHistory } from '../../ports/history.ts';
import type { Store } from '../../ports/store.ts';
import type {
  Evidence,
  RefusalFigures,
  ScoreReadings,
  ScoreWindow,
  SealFigures,
} from '../../scorecard/readings.ts';
import {
  brokenStretch,
  type RunTrace,
  type TracedEvent,
  type TracedRow,
  traceOf,
} from '../../scorecard/trace.ts';
import { publishedFault, type SealChecks, verifySeals } from './verify-seals.ts';

export interface ScoreSources {
  readonly store: Pick<Store, 'scores' | 'people' | 'history'>;
  readonly seals: SealChecks;
  /** What the log of this machine tells of who was refused. */
  readonly log: Omit<RefusalFigures, 'counted'>;
  readonly evidence: Evidence;
  /** Whether an account that nobody configured may decide: on the doors of the dev profile. */
  readonly anybodyDecides: (identity: string) => boolean;
  /** Lets others work meanwhile; absent where nobody waits. */
  readonly rest?: () => Promise<void>;
}

/** Everything that a scorecard is made from, with a bound on each reading. */
export const readScores = async (
  sources: ScoreSources,
  window: ScoreWindow,
  sealsMax = SEALS_MAX,
): Promise<ScoreReadings> => {
  const { store, log, evidence, rest } = sources;
  const { scores } = store;
  const ended = await scores.ended(window, RUNS_MAX);
  const heavy = await scores.ofHeavyJobs(window, RUNS_MAX);
  const rows = new Map(
    [...heavy, ...(await scores.living(LIVING_MAX)), ...ended].map((row) => [row.runId, row]),
  );
  const traces = await tracesOf(sources, [...rows.values()]);
  const heavyIds = new Set(heavy.map(({ runId }) => runId));
  const records = await scores.records(window.since, RECORDS_MAX);
  const isIn = ({ at }: { readonly at: number }): boolean => at >= window.since && at < window.until;
  // By their rows: a history that is gone must not take its run out of sight.
  const over = new Set(ended.map(({ runId }) => runId));
  const runs = traces.filter(
    (trace) => (over.has(trace.runId) || trace.acts.some(isIn)) && !isGoodSelfTest(trace),
  );
  const recordsBroken = brokenStretch(records.toReversed());
  return {
    window,
    messages: await scores.messages(window, MESSAGES_MAX),
    runs,
    runsCut: ended.length === RUNS_MAX,
    heavy: traces.filter((trace) => trace.heavy && heavyIds.has(trace.runId)),
    heavyCut: heavy.length === RUNS_MAX,
    records: records.filter(isIn),
    ...(recordsBroken === undefined ? {} : { recordsBroken }),
    linked: await linkedIn(sources, traces, records),
    incidents: await scores.incidents(window, INCIDENTS_MAX),
    up: await scores.up(window),
    seals: await newestSeals(store.history, sources.seals, { sealsMax, rest }),
    refusals: { ...log, counted: await scores.refusals(window) },
    evidence,
  };
};

/** Nobody works less for it, so it must not make them look better. One that is not as it was written counts like any other. */
const isGoodSelfTest = ({ selfTest, broken, gap, decisions }: RunTrace): boolean =>
  selfTest === true && broken === undefined && gap === undefined && decisions.length === 0;

const RUNS_MAX = 10_000;
const LIVING_MAX = 2000;
const MESSAGES_MAX = 50_000;
const RECORDS_MAX = 5000;
const INCIDENTS_MAX = 5000;
const SEALS_MAX = 200;
/** Runs whose events are read at once: so few that nobody waits for long. */
const PAGE = 100;

const tracesOf = async (
  { store: { scores }, rest }: ScoreSources,
  rows: readonly TracedRow[],
): Promise<readonly RunTrace[]> => {
  const traces: RunTrace[] = [];
  for (let from = 0; from < rows.length; from += PAGE) {
    const page = rows.slice(from, from + PAGE);
    const ids = page.map(({ runId }) => runId);
    // Heads first: what is sealed meanwhile is newer than them, and what they name is there.
    const heads = Map.groupBy(await scores.headsOf(ids), ({ chain }) => chain);
    const events = Map.groupBy(await scores.eventsOf(ids), ({ chain }) => chain);
    const of = (row: TracedRow): RunTrace => traceOf(row, events.get(row.runId), heads.get(row.runId));
    traces.push(...page.map(of));
    await rest?.();
  }
  return traces;
};

/** Who is somebody's account, or was until somebody took it away on record. */
const linkedIn = async (
  { store, anybodyDecides }: ScoreSources,
  traces: readonly RunTrace[],
  records: readonly TracedEvent[],
): Promise<ReadonlySet<string>> => {
  const people = await store.people.list();
  const accounts = new Set([
    ...people.flatMap(({ identities }) => identities),
    ...records.flatMap(takenFrom),
  ]);
  const deciders = new Set(traces.flatMap(({ decisions }) => decisions.map(({ who }) => who)));
  const isOf = (account: string): boolean => accounts.has(account) || anybodyDecides(account);
  return new Set([...accounts, ...[...deciders].filter((who) => isOf(accountBehind(who) ?? who))]);
};

const takenFrom = ({ type, payload }: TracedEvent): readonly string[] => {
  if (type !== 'PersonRevoked' && type !== 'IdentityUnlinked') return [];
  // Our own record, whose chain is verified with the rest.
  const { identity, identities = [] } = JSON.parse(payload) as {
    readonly identity?: string;
    readonly identities?: readonly string[];
  };
  return identity === undefined ? identities : [identity];
};

/** The newest ones, each against the one before; all of them are for `textops audit verify`. */
const newestSeals = async (
  history: Pick<IHistory, 'seals' | 'headsOfSeals' | 'look'>,
  checks: SealChecks,
  { sealsMax, rest }: { readonly sealsMax: number; readonly rest: ScoreSources['rest'] },
): Promise<SealFigures> => {
  const last = (await history.look('', 1)).newest?.number ?? 0;
  const from = Math.max(0, last - sealsMax);
  const [before] = from === 0 ? [] : await history.seals(from - 1, 1);
  const walked = await verifySeals(history, checks, { newest: before, signers: new Set() }, rest);
  const fault = walked.fault ?? publishedFault(checks, walked.newest);
  const checked = (walked.newest?.number ?? from) - from;
  return { checked, ...(fault === undefined ? {} : { fault: `seal ${String(fault.seal)}: ${fault.words}` }) };
};
