import { activeMs } from './activity.ts';
import { auditParts } from './audit.ts';
import { nearestRank } from './nearest-rank.ts';
import type { ScoreReadings } from './readings.ts';
import type { Measured, Threshold } from './threshold.ts';
import { type Act, actOf, type RunTrace } from './trace.ts';

// Longer than a room should be: it is the list of what is measured, and every definition stands where it is used.

export interface LineRule {
  readonly name: string;
  readonly title: string;
  readonly threshold: Threshold;
  readonly samplesOf: string;
  /** So many that a single miss among them does not decide alone. */
  readonly samplesMin: number;
  /** A single miss is one too many. */
  readonly strict?: true;
  readonly how: string;
  readonly measure: (readings: ScoreReadings) => Measured;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** An outage that lasts longer has not been recovered from; somebody has to look. */
const RECOVERED_MS = 10 * MINUTE_MS;

const percent = (part: number, whole: number): number => (100 * part) / whole;

const share = (part: number, whole: number, why?: string): Measured => ({
  samples: whole,
  ...(whole === 0 ? {} : { value: percent(part, whole) }),
  ...(why === undefined ? {} : { why }),
});

const newest = (cut: boolean, words: string): string | undefined =>
  cut ? `only the newest ${words} were read` : undefined;

/** The first one by name, and how many more there are. */
const named = (wrong: readonly string[]): { readonly why?: string } => {
  const [first] = wrong;
  if (first === undefined) return {};
  return { why: wrong.length === 1 ? first : `${first}, and ${wrong.length - 1} more` };
};

const executed = ({ ended }: RunTrace): boolean => ended === 'Succeeded' || ended === 'Failed';

const oldestOf = (acts: readonly Act[]): number =>
  acts.reduce((oldest, { at }) => Math.min(oldest, at), Infinity);

const mostFrequent = (outcomes: readonly string[]): number =>
  Math.max(0, ...[...Map.groupBy(outcomes, (one) => one).values()].map(({ length }) => length));

export const LINES: readonly LineRule[] = [
  {
    name: 'command-success',
    title: 'Commands handled',
    threshold: { is: 'at_least', value: 99, unit: '%' },
    samplesOf: 'messages',
    samplesMin: 100,
    how:
      'accepted messages that were answered at the first try within 60 s, without answers that became dead letters ' +
      '(inbox, outbox)',
    measure: ({ messages: { accepted, answered, undelivered, cut } }) =>
      share(Math.max(0, answered - undelivered), accepted, newest(cut, 'messages')),
  },
  {
    name: 'duplicate-heavy-executions',
    title: 'Heavy executions made twice',
    threshold: { is: 'at_most', value: 0, unit: 'count' },
    samplesOf: 'heavy starts',
    samplesMin: 20,
    strict: true,
    how: 'starts of heavy runs asked for in the window that nothing had ordered, or that had been made already (events)',
    measure: ({ heavy, heavyCut }) => {
      const starts = heavy.reduce((sum, run) => sum + run.starts, 0);
      const wrong = heavy.filter(({ doubled }) => doubled > 0);
      const value = wrong.reduce((sum, { doubled }) => sum + doubled, 0);
      const why = newest(heavyCut, 'heavy runs');
      return {
        samples: starts,
        ...(starts === 0 ? {} : { value }),
        ...(why === undefined ? {} : { why }),
        ...named(wrong.map(({ runId, doubled }) => `run ${runId}: ${doubled}`)),
      };
    },
  },
  {
    name: 'control-invariants',
    title: 'Control invariants broken in tests',
    threshold: { is: 'at_most', value: 0, unit: 'count' },
    samplesOf: 'tests',
    samplesMin: 100,
    strict: true,
    how: 'failed tests of the newest run of the invariants (evidence/invariants.json, not older than 30 days)',
    measure: ({ evidence: { invariants } }) =>
      invariants === undefined
        ? { samples: 0, why: 'nobody has run npm run evidence' }
        : { samples: invariants.total, value: invariants.failed },
  },
  {
    name: 'poll-recovery',
    title: 'Polls that came back after a timeout',
    threshold: { is: 'at_least', value: 95, unit: '%' },
    samplesOf: 'outages',
    samplesMin: 20,
    how:
      'outages of channels in the window that ended within 10 minutes (incidents), and those that were brought about on ' +
      'purpose (evidence/chaos.jsonl)',
    measure: ({ incidents, evidence: { polls }, window }) => {
      const outages = incidents.filter(({ kind }) => kind === 'channel');
      const back = outages.filter(
        ({ raisedAt, clearedAt }) => clearedAt !== undefined && clearedAt - raisedAt <= RECOVERED_MS,
      );
      const young = outages.filter(
        ({ raisedAt, clearedAt }) => clearedAt === undefined && window.until - raisedAt <= RECOVERED_MS,
      );
      const faults = outages.length - young.length + (polls?.faults ?? 0);
      return share(back.length + (polls?.recovered ?? 0), faults);
    },
  },
  {
    name: 'mean-time-to-recovery',
    title: 'Mean time to recovery',
    threshold: { is: 'at_most', value: 10, unit: 'min' },
    samplesOf: 'incidents',
    samplesMin: 3,
    how: 'from raised to cleared, or up to now, of the incidents raised in the window (incidents)',
    measure: ({ incidents, window }) => {
      if (incidents.length === 0) return { samples: 0 };
      const lasted = incidents.map(({ raisedAt, clearedAt }) => (clearedAt ?? window.until) - raisedAt);
      const open = incidents.filter(({ clearedAt }) => clearedAt === undefined);
      return {
        samples: incidents.length,
        value: lasted.reduce((sum, ms) => sum + ms, 0) / incidents.length / MINUTE_MS,
        ...named(open.map(({ name }) => `${name} still lasts`)),
      };
    },
  },
  {
    name: 'traceability',
    title: 'Runs that can be followed from request to end',
    threshold: { is: 'at_least', value: 100, unit: '%' },
    samplesOf: 'ended runs',
    samplesMin: 20,
    strict: true,
    how: 'ended runs whose history is gapless and chained, and says who asked, who approved, what started and how it ended',
    measure: ({ runs, runsCut }) => {
      const over = runs.filter(({ ended, gap }) => ended !== undefined || gap !== undefined);
      const wrong = over.flatMap(({ runId, broken, gap }) => {
        const what = broken ?? gap;
        return what === undefined ? [] : [`run ${runId}: ${what}`];
      });
      const why = newest(runsCut, 'runs');
      return {
        ...share(over.length - wrong.length, over.length, why),
        ...named(wrong),
      };
    },
  },
  {
    name: 'heavy-success',
    title: 'Heavy runs that succeeded',
    threshold: { is: 'at_least', value: 96, unit: '%' },
    samplesOf: 'heavy runs',
    samplesMin: 25,
    how: 'succeeded of succeeded and failed, of the heavy runs asked for in the window (events)',
    measure: ({ heavy, heavyCut }) => {
      const over = heavy.filter(executed);
      const good = over.filter(({ ended }) => ended === 'Succeeded');
      return share(good.length, over.length, newest(heavyCut, 'heavy runs'));
    },
  },
  {
    name: 'human-intervention',
    title: 'Unplanned acts of people',
    threshold: { is: 'at_most', value: 15, unit: '%' },
    samplesOf: 'runs',
    samplesMin: 20,
    how:
      'recover, cancel while running, replay of a message, and histories that were edited by hand, for each run of the ' +
      'window (events)',
    measure: ({ runs, records, runsCut, window: { since, until } }) => {
      const onRuns = runs.flatMap(({ interventions }) =>
        interventions.filter((at) => at >= since && at < until),
      );
      const replays = records.filter(({ type }) => type === 'MessageReplayed');
      const edits = runs.filter(({ broken }) => broken !== undefined);
      return share(onRuns.length + replays.length + edits.length, runs.length, newest(runsCut, 'runs'));
    },
  },
  {
    name: 'approve-to-resume',
    title: 'From approval to start, p95',
    threshold: { is: 'below', value: 90, unit: 's' },
    samplesOf: 'starts by people',
    samplesMin: 20,
    how: 'from RunApproved to RunResumed of heavy runs, nearest rank (events)',
    measure: ({ heavy, window: { since, until } }) => {
      const waits = heavy
        .flatMap(({ resumes }) => resumes.filter(({ at }) => at >= since && at < until))
        .map(({ ms }) => ms);
      const p95 = nearestRank(waits, 0.95);
      return { samples: waits.length, ...(p95 === undefined ? {} : { value: p95 / 1000 }) };
    },
  },
  {
    name: 'outcome-consistency',
    title: 'Reruns with the same outcome',
    threshold: { is: 'at_least', value: 90, unit: '%' },
    samplesOf: 'reruns',
    samplesMin: 5,
    how: 'share of the most frequent outcome, of the worst job (textops drill consistency JOB, evidence/drills.jsonl)',
    measure: ({ evidence: { drills } }) => {
      const [worst] = drills
        .filter(({ outcomes }) => outcomes.length > 0)
        .map(({ job, outcomes }) => {
          const samples = outcomes.length;
          return { samples, value: percent(mostFrequent(outcomes), samples), why: `the worst is ${job}` };
        })
        .toSorted((a, b) => a.value - b.value);
      return worst ?? { samples: 0, why: 'no drill was made in the window' };
    },
  },
  {
    name: 'uptime',
    title: 'Uptime',
    threshold: { is: 'at_least', value: 99.7, unit: '%' },
    samplesOf: 'minutes',
    samplesMin: 334,
    how: 'minutes in which a program with doors was there, of those since the first one in the window (up_minutes)',
    measure: ({ up: { first, minutes }, window: { since, until } }) => {
      if (first === undefined || first >= until) return { samples: 0 };
      // The minute that is not over yet does not count against anybody.
      const whole = Math.floor(until / MINUTE_MS) - Math.ceil(Math.max(since, first) / MINUTE_MS);
      return share(minutes, Math.max(0, whole));
    },
  },
  {
    name: 'operator-active-time',
    title: 'Time that people are busy',
    threshold: { is: 'below', value: 60, unit: 'min/day' },
    samplesOf: 'days',
    samplesMin: 1,
    how: 'acts of each person, grouped by gaps of more than 5 min: spans, and 30 s for each span (events)',
    measure: ({ runs, runsCut, records, up, window: { since, until } }) => {
      const onRuns = runs.flatMap((run) => run.acts).filter(({ at }) => at >= since && at < until);
      // With runs left out, nobody knows what people did before the oldest that was read.
      const known = runsCut ? oldestOf(onRuns) : since;
      const acts = [...onRuns, ...records.flatMap(actOf).filter(({ at }) => at >= known)];
      const oldest = oldestOf(acts);
      const from = Math.max(known, Math.min(oldest, up.first ?? oldest));
      const days = acts.length === 0 ? 0 : (until - from) / DAY_MS;
      const why = newest(runsCut, 'runs');
      return {
        samples: Math.floor(days * 10) / 10,
        // A part of a day says nothing about a whole one but that it was at least so much.
        ...(acts.length === 0 ? {} : { value: activeMs(acts) / MINUTE_MS / Math.max(1, days) }),
        ...(why === undefined ? {} : { why }),
      };
    },
  },
  {
    name: 'audit-score',
    title: 'Audit score',
    threshold: { is: 'at_least', value: 95, unit: 'points' },
    samplesOf: 'questions',
    samplesMin: 5,
    strict: true,
    how:
      '100 × passed of: chains verify, seals verify, every decision by a linked person, every terminal run traceable, ' +
      'every refusal recorded (events, seals, refusals, the log of this machine)',
    measure: (readings) => {
      const parts = auditParts(readings);
      const judged = parts.filter(({ holds }) => holds !== undefined);
      const passed = judged.filter(({ holds }) => holds === true);
      const open = parts.filter(({ holds }) => holds === undefined);
      const wrong = judged.flatMap(({ name, why }) => (why === undefined ? [] : [`${name}: ${why}`]));
      return {
        ...share(passed.length, judged.length),
        ...named(wrong.length > 0 ? wrong : open.map(({ name }) => `nothing to look at for: ${name}`)),
      };
    },
  },
];
