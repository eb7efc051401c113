import type { Schedule, ScheduleSpec, Standing, Timing } from '../../schedules/schedule.ts';
import type { Steering } from '../../schedules/steer.ts';
import type { Instant } from '../../time/instant.ts';
import { zonedMoment } from '../../time/zoned.ts';
import type { Line } from '../cards/rich.ts';

/** How many occurrences an answer names. */
export const NAMED = 3;

export interface Made {
  readonly what: 'made' | 'changed';
  /** "every Monday at 08:00 (Europe/Berlin)". */
  readonly words: string;
  readonly next: readonly Instant[];
  /** Its job starts without a yes: always, or while owners stand behind that. */
  readonly never: 'no' | 'always' | 'while accepted';
  /** Asked in the conversation that hears this. */
  readonly here: boolean;
}

/** A new or changed schedule: its words, its zone and its next fires on its own wall clock. */
export const madeLines = ({ key, jobKey, chat, timezone }: ScheduleSpec, made: Made): readonly Line[] => {
  const { what, words, next, never, here } = made;
  const where = here ? 'here' : `in ${chat}`;
  return [
    [`Schedule ${key}${what === 'changed' ? ' is changed' : ''}: ${jobKey}, ${words}.`],
    [next.length === 0 ? 'It is paused.' : `Next: ${moments(next, timezone)} (${timezone})`],
    [eachTime(jobKey, never, where)],
    [`/schedule pause ${key} · skip ${key} · snooze ${key} 2h · drop ${key}`],
  ];
};

const eachTime = (jobKey: string, never: Made['never'], where: string): string => {
  switch (never) {
    case 'no':
      return `Each time it asks ${where}.`;
    case 'always':
      return `Each time it starts it, and tells so ${where}.`;
    case 'while accepted':
      return `Each time it starts it and tells so ${where}, or asks there while owners have not accepted that: /job ${jobKey}`;
  }
};

const moments = (next: readonly Instant[], timezone: string): string =>
  next.map((at) => zonedMoment(at, timezone)).join(' · ');

interface Done {
  readonly verb: Steering['verb'];
  readonly by: string;
  readonly words: string;
  readonly standing: Standing;
  readonly dueAt?: Instant;
}

/** What became of a schedule, on its own wall clock. */
export const steeredLine = (
  { key, jobKey, timezone }: ScheduleSpec,
  { verb, by, words, standing, dueAt }: Done,
): Line => {
  const show = (at: Instant | undefined): string =>
    at === undefined ? 'never' : `${zonedMoment(at, timezone)} ${timezone}`;
  const next = `Next: ${show(standing.nextAt)}.`;
  switch (verb) {
    case 'pause':
      return [`⏸ ${by} paused ${key} (${jobKey}, ${words}). Again: /schedule resume ${key}`];
    case 'resume':
      return [`▶️ ${by} resumed ${key} (${jobKey}, ${words}). ${next}`];
    case 'skip':
      return [`⏭ ${by} skipped ${key} of ${show(dueAt)}; nothing is asked then. ${next}`];
    case 'snooze':
      return [`⏰ ${by} put off ${key} of ${show(dueAt)}. It is asked for ${show(standing.nextAt)}.`];
  }
};

/** For whoever made a schedule whose name the file has taken. */
export const takenWords = (
  { spec: was, source }: Pick<Schedule, 'spec' | 'source'>,
  spec: ScheduleSpec,
  words: (timing: Timing) => string,
): string => {
  const where = source === 'api' ? 'over HTTP' : 'in chat';
  return (
    `⚠️ The schedule ${spec.key} is the file's from now on. Before, made ${where}: ${was.jobKey}, ${words(was)}. ` +
    `Now: ${spec.jobKey}, ${words(spec)}${spec.chat === was.chat ? '' : ', in another chat'}. It is changed in the file only.`
  );
};
