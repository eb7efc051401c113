import { coarseDuration, formatDuration } from '../../time/duration.ts';
import { zonedClock, zonedMoment } from '../../time/zoned.ts';
import { atMost, PHONE_LINES } from '../at-most.ts';
import type { Line } from '../cards/rich.ts';
import type { OpsReading } from './ops-figures.ts';
import { manyFailed, OPS_LIMITS, workersUp } from './ops-limits.ts';
import { type Problem, problemsOf } from './ops-problems.ts';

/**
 * Verdict first, then problems, then always the same rows of at most 34 columns, which a phone does not wrap. Where there is
 * no room for everything, the rows that are not always there go first, and then the problems that are not the worst.
 */
export const opsBoard = (
  o: OpsReading,
  linesMax: number = PHONE_LINES,
): { readonly lines: readonly Line[]; readonly pre: readonly string[]; readonly after: readonly Line[] } => {
  const { found, problems } = judged(o);
  const always = rows(o);
  // The verdict and the version have a line each.
  const named = numbered(problems, linesMax - 2 - always.length);
  const others = otherRows(o).slice(0, Math.max(0, linesMax - 2 - always.length - named.length));
  return {
    lines: [
      [`${problems.length === 0 ? '✅' : '⚠️'} ${found} · ${o.profile} · `, { time: o.at, as: 'clock' }],
      ...named,
    ],
    pre: [...always, ...others],
    after: [[`v${o.version} · up ${formatDuration(o.upMs)}`]],
  };
};

const judged = (o: OpsReading): { readonly found: string; readonly problems: readonly Problem[] } => {
  const problems = problemsOf(o);
  const found = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return { found: problems.length === 0 ? 'OK' : found, problems };
};

/**
 * The same for where an answer is one line in a thread: the figures behind the verdict, and only what is wrong on lines of its
 * own.
 */
export const opsLines = (o: OpsReading): readonly Line[] => {
  const { found, problems } = judged(o);
  const { up, slots } = workersUp(o);
  const oldest = o.oldestWaitingMs === undefined ? '' : ` (${coarseDuration(o.oldestWaitingMs)})`;
  const figures = [
    `${o.profile} `,
    `queue ${count(o.ready)}`,
    `running ${o.running}/${slots}`,
    `stale ${o.stale.length}`,
    `waiting ${count(o.waiting)}${oldest}`,
    `failed ${count(o.failedHour)}/1h ${count(o.failedDay)}/24h`,
    `workers ${up}`,
    ...(o.schedule === undefined ? [] : [`schedule ${coarseDuration(wholeSeconds(o.schedule.lateMs))} late`]),
    `v${o.version}`,
  ];
  return [[{ bold: found }, `  ${figures.join('  ')}`], ...numbered(problems, PHONE_LINES - 1)];
};

/** As many as there is room for, each with what treats it. */
const numbered = (problems: readonly Problem[], max: number): readonly Line[] =>
  atMost(
    problems.map(({ words, cure }, index): Line => [`${index + 1}. ${words} → ${cure}`]),
    max,
    'textops ops',
  );

const age = (ms: number | undefined): string => (ms === undefined ? '' : ` ${coarseDuration(ms)}`);

/** "14k": from a thousand on nobody reads the rest. */
const count = (n: number): string => (n < 1000 ? String(n) : `${Math.floor(n / 1000)}k`);

const bad = (is: boolean): string => (is ? ' !' : '');

/** Those that are always there, so that the eye learns their places. */
const rows = (o: OpsReading): readonly string[] => {
  const { up, slots } = workersUp(o);
  const beat = Math.min(...o.workers.map((worker) => worker.beatMsAgo));
  const dead = o.deadInbox + o.deadOutbox;
  const [channels = ''] = channelRows(o);
  return [
    `queue     ${count(o.ready)} ready${age(o.oldestReadyMs)}  ${count(o.later)} later${bad((o.oldestReadyMs ?? 0) > OPS_LIMITS.oldestReadyMs)}`,
    `running   ${o.running} of ${slots}     ${o.stale.length} stale${bad(o.stale.length > 0)}`,
    `waiting   ${count(o.waiting)}${o.oldestWaitingMs === undefined ? '' : `, oldest ${coarseDuration(o.oldestWaitingMs)}`}`,
    `failed    ${count(o.failedHour)} in 1h    ${count(o.failedDay)} in 24h${bad(manyFailed(o))}`,
    `workers   ${up} up${o.workers.length === 0 ? '' : `       beat ${formatDuration(beat)} ago`}`,
    ...scheduleRow(o),
    `outbox    ${count(o.openOutbox)} open${age(o.oldestOutboxMs)}  ${count(dead)} dead${bad(dead > 0)}`,
    channels,
  ];
};

/** What is worth a row only where there is something to say. */
const otherRows = (o: OpsReading): readonly string[] => [
  ...channelRows(o).slice(1),
  ...(o.paused.length === 0 ? [] : [`paused    ${pausedWords(o.paused)}`.slice(0, WIDTH)]),
  ...(o.deadJobs === 0
    ? []
    : [`dead      ${count(o.deadJobs)} ${o.deadJobs === 1 ? 'job' : 'jobs'}, see /deadletters`]),
];

/** The next one as its schedule spells it: the clock alone within a day, the weekday within a week, else the date. */
const scheduleRow = ({ schedule, at }: OpsReading): readonly string[] => {
  if (schedule === undefined) return [];
  const { lateMs, next } = schedule;
  const late = `schedule  ${coarseDuration(wholeSeconds(lateMs))} late`;
  // Whoever sees that it is late has no use for what comes next.
  if (lateMs > OPS_LIMITS.scheduleLateMs) return [`${late} !`];
  const coming = next === undefined ? '' : `next ${nextWords(next, at)}`;
  return [`${late}${' '.repeat(Math.min(4, WIDTH - late.length - coming.length))}${coming}`.trimEnd()];
};

const wholeSeconds = (ms: number): number => ms - (ms % 1000);

const nextWords = (next: { readonly at: number; readonly timezone: string }, at: number): string => {
  if (next.at - at < DAY_MS) return zonedClock(next.at, next.timezone);
  const [weekday = '', day = '', month = '', clock = ''] = zonedMoment(next.at, next.timezone).split(' ');
  return next.at - at < 7 * DAY_MS ? `${weekday} ${clock}` : `${day} ${month}`;
};

const DAY_MS = 86_400_000;

const pausedWords = (paused: readonly string[]): string =>
  paused.map((what) => what.replace(/^job:/, '')).join(', ');

const WIDTH = 34;

/** As many channels to a row as fit; `12s` is the age of the last completed poll. */
const channelRows = ({ channels }: OpsReading): readonly string[] => {
  const words = channels.map(({ channel, state, pollAgeMs }) =>
    pollAgeMs === undefined ? `${channel} ${state}` : `${channel} ${state} ${formatDuration(pollAgeMs)}`,
  );
  const made: string[] = [];
  for (const word of words.length === 0 ? ['none'] : words) {
    const last = made.at(-1);
    if (last !== undefined && `${last}  ${word}`.length <= WIDTH) made[made.length - 1] = `${last}  ${word}`;
    else made.push(`${last === undefined ? 'channels  ' : '          '}${word}`);
  }
  return made;
};
