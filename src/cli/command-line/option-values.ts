import { InvalidArgumentError } from 'commander';
import { RUN_STATUSES, type RunStatus } from '../../core/runs/run.ts';
import { nearest } from '../../core/text/grammar/nearest.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { isoOf } from '../../core/time/instant.ts';
import { LOG_LEVELS, type LogLevel } from '../../telemetry/record.ts';

// What a flag may be given. Anything else is wrong usage, told in the words of the flag.

export const durationMs = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Expected a duration such as 30s, 5m or 1h30m.');
  return ms;
};

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };

/** A duration before now, `7d`, or a day or moment, `2026-11-01`, `2026-11-01T12:00:00Z`; UTC unless it says otherwise. */
export const moment = (text: string): ((now: number) => number) => {
  const ms = parseDuration(text);
  // Before 1970 nothing happened, and far before it there are no dates.
  if (ms !== undefined) return (now) => Math.max(0, now - ms);
  const day = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}.*)?$/.exec(text)?.[1];
  const at = day === undefined || !isDay(day) ? Number.NaN : Date.parse(zoned(text));
  if (!Number.isNaN(at)) return () => at;
  throw new InvalidArgumentError('Expected a duration such as 7d, or a day such as 2026-11-01.');
};

/** A day too many of a month would be one of the next. */
const isDay = (day: string): boolean => {
  const at = Date.parse(day);
  return !Number.isNaN(at) && isoOf(at).startsWith(day);
};

/** Without a zone, a day would be UTC and a moment local. */
const zoned = (text: string): string =>
  /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;

/** `failed`, `Failed,denied` */
export const statuses = (text: string): readonly RunStatus[] =>
  text.split(',').map((word) => {
    const found = RUN_STATUSES.find((status) => status.toLowerCase() === word.trim().toLowerCase());
    if (found !== undefined) return found;
    const meant = nearest(word.trim(), RUN_STATUSES, 1)[0];
    const guess = meant === undefined ? `One of: ${RUN_STATUSES.join(', ')}.` : `(Did you mean ${meant}?)`;
    throw new InvalidArgumentError(`No such status. ${guess}`);
  });

/** `operator` or `operator,approver` */
export const roles = (text: string): readonly string[] => {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => /^[a-z][\w-]*$/i.test(word))) return words;
  throw new InvalidArgumentError('Expected a role, or several with commas between.');
};

export const logLevel = (text: string): LogLevel => {
  const found = LOG_LEVELS.find((level) => level === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected one of: ${LOG_LEVELS.join(', ')}.`);
  return found;
};
