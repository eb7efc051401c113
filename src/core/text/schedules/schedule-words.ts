import type { LiveRun } from '../../runs/run.ts';
import type { Schedule, ScheduleSpec, Settled } from '../../schedules/schedule.ts';
import type { Turn } from '../../schedules/turn.ts';
import type { Instant } from '../../time/instant.ts';
import { zonedMoment } from '../../time/zoned.ts';
import type { Line } from '../cards/rich.ts';
import { statusMark, statusWords } from '../cards/say.ts';

type Named = Pick<ScheduleSpec, 'key' | 'jobKey'>;

/** For the conversation that would have been asked. */
export const missedLine = ({ key, jobKey }: Named, turn: Extract<Turn, { kind: 'miss' }>): Line => [
  `⏰ ${key} (${jobKey}) missed `,
  ...missedWhen(turn),
  ' because TextOps was not running. Nothing ran.',
  ...nextSpans(turn),
];

const missedWhen = ({ from, dueAt, times, more }: Extract<Turn, { kind: 'miss' }>): Line => {
  if (times === 1) return [moment(dueAt)];
  if (more) return [`more than ${times} times since `, moment(from)];
  return [`${times} times, `, moment(from), ' to ', moment(dueAt), ','];
};

/** Something has to be put right before this schedule can ask again. */
export const hinderedLine = ({ key, jobKey }: Named, turn: Turn, because: string): Line => [
  `⚠️ ${key} (${jobKey}) was due `,
  moment(turn.dueAt),
  ` and could not ask: ${hindrance(because)}. Nothing ran.`,
  ...nextSpans(turn),
];

const hindrance = (because: string): string => {
  switch (because) {
    case 'unknown_job':
      return 'there is no such job any more';
    case 'invalid_params':
      return 'its parameters do not fit the job any more';
    case 'job_substrate_disabled':
      return 'the queue is switched off, see /gates';
    default:
      return because;
  }
};

const nextSpans = ({ after }: Turn): Line =>
  after.nextAt === undefined ? [] : [' Next ', moment(after.nextAt)];

const moment = (time: Instant) => ({ time, as: 'moment' }) as const;

export interface Listed {
  readonly schedule: Schedule;
  /** "every Monday at 08:00 (Europe/Berlin)". */
  readonly words: string;
  /** The run that was asked for last. */
  readonly run?: LiveRun;
}

/** Who reads the list, and when. */
export interface ListReader {
  readonly now: Instant;
  readonly timezone?: string;
}

/** `/schedules`: what is asked when, what comes next and what came last, on the reader's wall clock. */
export const scheduleLines = (listed: readonly Listed[], reader: ListReader): readonly Line[] =>
  listed.flatMap(({ schedule, words, run }): readonly Line[] => {
    const { spec, standing, last } = schedule;
    const show = (at: Instant): string => shownIn(spec.timezone, reader, at);
    const parts = [
      standingWords(schedule, show),
      ...(standing.waitingFor === undefined
        ? []
        : [`${show(standing.waitingFor)} waits for the run before it`]),
      ...(last === undefined ? [] : [`last ${show(last.dueAt)}: ${lastWords(last, run)}`]),
    ];
    return [[`${spec.key}  ${spec.jobKey} · ${words}`], [`   ${parts.join(' · ')}`]];
  });

const standingWords = (
  { standing: { paused, nextAt, snoozed } }: Schedule,
  show: (at: Instant) => string,
): string => {
  if (paused !== undefined) return `paused by ${paused.by} since ${show(paused.at)}`;
  if (nextAt === undefined) return 'never again';
  return snoozed === undefined
    ? `next ${show(nextAt)}`
    : `next ${show(nextAt)}, put off from ${show(snoozed)}`;
};

/** The zone is named where it is another one than the schedule's own, which stands in its words. */
const shownIn = (own: string, { now, timezone = own }: ListReader, at: Instant): string =>
  `${zonedMoment(at, timezone, now)}${timezone === own ? '' : ` ${timezone}`}`;

const skippedWords = (because: string | undefined, runId: string): string => {
  switch (because) {
    case 'overlap':
      return `left out, ${runId} had not ended`;
    case 'person':
      return 'skipped by hand';
    case 'paused':
      return 'left out, it was paused';
    default:
      return `could not ask, ${hindrance(because ?? '')}`;
  }
};

const lastWords = (
  { outcome, runId = '', times = 1, because }: Settled,
  run: LiveRun | undefined,
): string => {
  switch (outcome) {
    case 'asked':
      return run === undefined ? `asked, ${runId}` : `${statusMark(run)} ${runId} ${statusWords(run)}`;
    case 'skipped':
      return skippedWords(because, runId);
    case 'missed':
      return times === 1 ? 'missed' : `missed, ${times} times in a row`;
  }
};
