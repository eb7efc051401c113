import { formatDuration } from '../time/duration.ts';
import { zonedClock, zonedMoment } from '../time/zoned.ts';
import type { OpsReading } from './ops-figures.ts';
import type { Line } from './rich.ts';

/** From when on `/ops` calls something a problem. One place; alerts use the same figures. */
export const OPS_LIMITS = {
  oldestReadyMs: 2 * 60_000,
  outboxAgeMs: 2 * 60_000,
  workerBeatMs: 30_000,
  scheduleLateMs: 60_000,
  failedHour: 3,
} as const;

/** How many lost attempts are named one by one. */
export const STALE_MAX = 3;

/** One problem and the command that treats it. */
export interface Problem {
  /** Always the same for the same kind of trouble. */
  readonly name: string;
  readonly words: string;
  /** The same in a few letters, where there is a shorter way to say it. */
  readonly short?: string;
  readonly cure: string;
}

/** Problems, worst first. */
export const problemsOf = (o: OpsReading): readonly Problem[] => {
  const problems: Problem[] = [];
  if (o.paused.includes('frozen'))
    problems.push({
      name: 'frozen',
      words: 'Everything is frozen: nothing is decided or started',
      cure: '/unfreeze',
    });
  if (o.paused.includes('off'))
    problems.push({ name: 'switched off', words: 'The queue is switched off', cure: '/gates' });
  if (o.paused.includes('queue'))
    problems.push({ name: 'paused', words: 'The queue is paused', cure: '/unpause queue' });
  for (const stale of o.stale.slice(0, STALE_MAX)) {
    const age = formatDuration(stale.sinceMs);
    problems.push({
      name: 'lost attempts',
      words: `Stale: ${stale.runId} ${stale.jobKey}, no beat for ${age}, worker ${stale.workerId} silent`,
      short: `stale ${stale.runId} ${age}, ${stale.workerId} silent`,
      cure: `/recover ${stale.runId}`,
    });
  }
  for (const { name, kind, sinceMs } of o.silent.slice(0, 3)) {
    problems.push({
      name: 'silence',
      words: `🔴 Silent: ${kind} ${name}, not heard for ${formatDuration(sinceMs)}`,
      cure: kind === 'worker' ? 'textops worker' : '/ops workers',
    });
  }
  for (const channel of o.channels.filter((c) => c.state !== 'ok' && c.state !== 'standby')) {
    problems.push({
      name: `channel ${channel.channel}`,
      words: `Channel ${channel.channel}: ${channel.reason ?? channel.state}`,
      cure: 'textops doctor',
    });
  }
  if (o.ready > 0 && o.workers.every((worker) => worker.beatMsAgo > OPS_LIMITS.workerBeatMs)) {
    problems.push({
      name: 'no worker',
      words: `No worker is alive and ${o.ready === 1 ? '1 run waits' : `${o.ready} runs wait`}`,
      cure: 'textops worker',
    });
  }
  if ((o.oldestReadyMs ?? 0) > OPS_LIMITS.oldestReadyMs) {
    const oldest = formatDuration(o.oldestReadyMs ?? 0);
    problems.push({
      name: 'slow queue',
      words: `Queue: oldest ready item waits ${oldest} (limit 2m), ${o.ready} items`,
      short: `queue ${o.ready}, oldest ${oldest}`,
      cure: '/runs queued',
    });
  }
  if ((o.schedule?.lateMs ?? 0) > OPS_LIMITS.scheduleLateMs) {
    const late = formatDuration(o.schedule?.lateMs ?? 0);
    problems.push({
      name: 'late schedules',
      words: `Schedules: the oldest due one waits ${late}`,
      cure: '/ops workers',
    });
  }
  if (o.failedHour >= OPS_LIMITS.failedHour) {
    const common =
      o.commonError === undefined ? '' : `, ${o.commonError.count} × "${o.commonError.summary.slice(0, 40)}"`;
    problems.push({
      name: 'failures',
      words: `Failures: ${o.failedHour} of ${o.endedHour} runs in 1h failed${common}`,
      short: `fail ${o.failedHour}/${o.endedHour} in 1h${o.commonError === undefined ? '' : ` (${o.commonError.summary.slice(0, 40)})`}`,
      cure: '/runs failed',
    });
  }
  const dead = o.deadInbox + o.deadOutbox;
  if (dead > 0)
    problems.push({
      name: 'dead letters',
      words: `Dead letters: ${o.deadInbox} in, ${o.deadOutbox} out`,
      cure: '/deadletters',
    });
  if ((o.oldestOutboxMs ?? 0) > OPS_LIMITS.outboxAgeMs) {
    const oldest = formatDuration(o.oldestOutboxMs ?? 0);
    problems.push({
      name: 'unsent messages',
      words: `Messages: the oldest unsent one waits ${oldest}`,
      cure: 'textops doctor',
    });
  }
  return problems;
};

/** Verdict first, then problems, then always the same rows of at most 34 columns, which a phone does not wrap. */
export const opsBoard = (
  o: OpsReading,
): { readonly lines: readonly Line[]; readonly pre: readonly string[]; readonly after: readonly Line[] } => {
  const problems = problemsOf(o);
  const found = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const verdict = problems.length === 0 ? '✅ OK' : `⚠️ ${found}`;
  return {
    lines: [
      [`${verdict} · ${o.profile} · `, { time: o.at, as: 'clock' }],
      ...problems
        .slice(0, 4)
        .map((problem, index): Line => [`${index + 1}. ${problem.words} → ${problem.cure}`]),
    ],
    pre: rows(o),
    after: [[`v${o.version} · up ${formatDuration(o.upMs)}`]],
  };
};

/** "9m": the largest unit alone, for a row that has no room. */
const coarse = (ms: number): string => formatDuration(ms).split(' ', 1)[0] ?? '';

const age = (ms: number | undefined): string => (ms === undefined ? '' : ` ${coarse(ms)}`);

/** "14k": from a thousand on nobody reads the rest. */
const count = (n: number): string => (n < 1000 ? String(n) : `${Math.floor(n / 1000)}k`);

const bad = (is: boolean): string => (is ? ' !' : '');

const rows = (o: OpsReading): readonly string[] => {
  const alive = o.workers.filter((worker) => worker.beatMsAgo <= OPS_LIMITS.workerBeatMs);
  const slots = alive.reduce((sum, worker) => sum + worker.slots, 0);
  const beat = Math.min(...o.workers.map((worker) => worker.beatMsAgo));
  const dead = o.deadInbox + o.deadOutbox;
  return [
    `queue     ${count(o.ready)} ready${age(o.oldestReadyMs)}  ${count(o.later)} later${bad((o.oldestReadyMs ?? 0) > OPS_LIMITS.oldestReadyMs)}`,
    `running   ${o.running} of ${slots}     ${o.stale.length} stale${bad(o.stale.length > 0)}`,
    `waiting   ${count(o.waiting)}${o.oldestWaitingMs === undefined ? '' : `, oldest ${coarse(o.oldestWaitingMs)}`}`,
    `failed    ${count(o.failedHour)} in 1h    ${count(o.failedDay)} in 24h${bad(o.failedHour >= OPS_LIMITS.failedHour)}`,
    `workers   ${alive.length} up${o.workers.length === 0 ? '' : `       beat ${formatDuration(beat)} ago`}`,
    ...scheduleRow(o),
    `outbox    ${count(o.openOutbox)} open${age(o.oldestOutboxMs)}  ${count(dead)} dead${bad(dead > 0)}`,
    ...(o.silent.length === 0 ? [] : [`silent    ${count(o.silent.length)}, see /ops workers !`]),
    ...(o.paused.length === 0 ? [] : [`paused    ${pausedWords(o.paused)}`.slice(0, WIDTH)]),
    ...(o.deadJobs === 0
      ? []
      : [`dead      ${count(o.deadJobs)} ${o.deadJobs === 1 ? 'job' : 'jobs'}, see /deadletters`]),
    ...channelRows(o),
  ];
};

/** The next one as its schedule spells it: the clock alone within a day, the weekday within a week, else the date. */
const scheduleRow = ({ schedule, at }: OpsReading): readonly string[] => {
  if (schedule === undefined) return [];
  const { lateMs, next } = schedule;
  const late = `schedule  ${coarse(lateMs - (lateMs % 1000))} late`;
  // Whoever sees that it is late has no use for what comes next.
  if (lateMs > OPS_LIMITS.scheduleLateMs) return [`${late} !`];
  const coming = next === undefined ? '' : `next ${nextWords(next, at)}`;
  return [`${late}${' '.repeat(Math.min(4, WIDTH - late.length - coming.length))}${coming}`.trimEnd()];
};

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
