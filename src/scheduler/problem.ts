import { firstOf } from '../core/schedules/first-of.ts';
import type { Timing, TimingProblem } from '../core/schedules/schedule.ts';
import { quoted } from '../core/text/cards/run-words.ts';
import { nearest } from '../core/text/grammar/nearest.ts';
import { readCron, upcoming } from './next.ts';

/** What is wrong with a timing, of several things the one that has to be put right first. */
export const timingProblem = ({ cron, timezone }: Timing): TimingProblem | undefined => {
  const form = cronFormProblem(cron);
  if (form !== undefined) return { why: 'bad_cron', words: form };
  const zone = timezoneProblem(timezone);
  if (zone !== undefined) return { why: 'unknown_timezone', words: zone };
  const never = neverProblem(cron);
  if (never !== undefined) return { why: 'never_fires', words: never };
  const often = tooOftenProblem(cron);
  return often === undefined ? undefined : { why: 'too_often', words: often };
};

const FIELDS = [
  { name: 'minute', takes: '0-59' },
  { name: 'hour', takes: '0-23' },
  { name: 'day', takes: '1-31 or L' },
  { name: 'month', takes: '1-12 or JAN-DEC' },
  { name: 'weekday', takes: '0-7 or SUN-SAT' },
] as const;
const SECOND = { name: 'second', takes: '0-59' } as const;

/** What is wrong with the form of an expression, with the place of the mistake. */
export const cronFormProblem = (cron: string): string | undefined => {
  const words = [...cron.matchAll(/\S+/g)];
  if (words.length < 5 && !cron.startsWith('@')) {
    return `${quoted(cron)} has ${words.length} of 5 fields: ${FIELDS.map(({ name }) => name).join(', ')}`;
  }
  if (words.length > 6)
    return `${quoted(cron)} has ${words.length} fields; at most 6 are read (seconds first)`;
  const reason = refusalOf(cron);
  if (reason === undefined) return undefined;
  const fields = words.length === 6 ? [SECOND, ...FIELDS] : FIELDS;
  // One field after the other beside stars only, so that the reader of expressions points at the wrong one.
  const at = words.findIndex(
    (_, index) => refusalOf(alone(words.length, index, words[index]?.[0] ?? '')) !== undefined,
  );
  const word = words[at];
  const field = fields[at];
  if (cron.startsWith('@') || word === undefined || field === undefined) {
    return `${quoted(cron)} is not a cron expression: ${reason}`;
  }
  const place = `${field.name} ${quoted(word[0])} at character ${word.index + 1}`;
  return `${quoted(cron)} is not a cron expression: ${place} is none; it takes ${field.takes}`;
};

const alone = (count: number, index: number, word: string): string =>
  Array.from({ length: count }, (_, at) => (at === index ? word : '*')).join(' ');

const refusalOf = (cron: string): string | undefined => {
  try {
    readCron({ cron, timezone: 'UTC' });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.replace(/^CronPattern: /, '').replace(/^Invalid/, 'invalid');
  }
};

/** Whether a moment that an expression of good form means ever comes. */
export const neverProblem = (cron: string): string | undefined =>
  firstFrom(cron, 1).length === 0 ? `${quoted(cron)} never comes round` : undefined;

/** Whether it comes more often than anybody could answer. */
export const tooOftenProblem = (cron: string): string | undefined =>
  isTooOften(cron) ? `${quoted(cron)} comes more often than once a minute` : undefined;

const MINUTE_MS = 60_000;
/** Enough to see every second, every other and a few in the middle of an hour. */
const LOOKED_AT = 200;

const isTooOften = (cron: string): boolean => {
  // Without seconds nothing comes twice in a minute.
  if (cron.trim().split(/\s+/).length < 6) return false;
  const moments = firstFrom(cron, LOOKED_AT);
  return moments.some((at, index) => index > 0 && at - (moments[index - 1] ?? at) < MINUTE_MS);
};

const firstFrom = (cron: string, count: number): readonly number[] =>
  firstOf(upcoming({ cron, timezone: 'UTC' }, SOME_DAY), count);

// A fixed day, so that the same expression is right or wrong whenever it is read.
const SOME_DAY = Date.UTC(2026, 0, 1);

/** A name such as Europe/Berlin. A bare offset is refused: it knows nothing of summer time. */
export const timezoneProblem = (timezone: string): string | undefined => {
  if (isTimezone(timezone)) return undefined;
  const near = nearest(timezone, Intl.supportedValuesOf('timeZone'), 1)[0];
  return `${quoted(timezone)} is not a time zone${near === undefined ? '' : `; did you mean "${near}"?`}`;
};

const isTimezone = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};
