import { z } from 'zod';
import { CHANNELS } from '../bot/channels.ts';
import { parseDuration } from '../core/time/duration.ts';
import { timezoneProblem } from '../scheduler/problem.ts';
import { cronProblem } from './cron.ts';
import { didYouMean, quoted } from './suggest.ts';

// The smallest parts of the catalog: texts of a certain shape. Each says in its own words what it expects.

const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

/** Text with a rule that answers in words. `expected` is what is said when it is not text at all. */
const judged = (problemOf: (text: string) => string | undefined, expected?: string) =>
  z.string(expected === undefined ? {} : { error: `expected ${expected}` }).superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

export const duration = (maxMs: number, maxText: string) =>
  judged((text) => durationProblem(text, maxMs, maxText), 'a duration; write 500ms, 30s, 10m, 1h30m or 2d');

export const TIMEZONE = judged(timezoneProblem);
export const CRON = judged(cronProblem);

export const HTTP_URL = judged((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return `${quoted(text)} is not an address that begins with https:// or http://`;
  return url.username === '' && url.password === ''
    ? undefined
    : 'contains a user or a password; secrets do not belong in this file';
});

const durationProblem = (text: string, maxMs: number, maxText: string): string | undefined => {
  const ms = parseDuration(text);
  if (ms === undefined) return `${quoted(text)} is not a duration; write 500ms, 30s, 10m, 1h30m or 2d`;
  if (ms === 0) return 'must be longer than nothing';
  return ms > maxMs ? `must be at most ${maxText}` : undefined;
};

const shaped = (shape: RegExp, expected: string) =>
  z.string().regex(shape, { error: (issue) => `${quoted(String(issue.input))} is not ${expected}` });

export const KEY = shaped(
  /^[a-z0-9][a-z0-9_.-]{0,62}$/,
  'a usable name; it begins with a letter or digit and has at most 63 of a-z, 0-9, "-", "_" and "."',
);
export const PARAM_NAME = shaped(
  /^[A-Za-z][\w-]{0,40}$/,
  'a usable parameter name; it begins with a letter, without spaces',
);
export const ENV_NAME = shaped(/^[A-Za-z_]\w*$/, 'the name of an environment variable');
export const SECRET_NAME = shaped(/^[A-Z][A-Z0-9_]*$/, 'the name of a secret; names look like DB_PASSWORD');
export const ROLE = shaped(/^[a-z][a-z0-9_-]{0,40}$/, 'the name of a role');
export const CLOCK = shaped(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day; write it like 08:30');
export const PERSON_OR_ROLE = shaped(
  /^(role:[a-z][a-z0-9_-]{0,40}|[a-z0-9][a-z0-9_.-]{0,62})$/,
  'role:NAME or the name of a person',
);

export const HEADER_NAME = shaped(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header');

const CHAT_CHANNELS = [...CHANNELS.map(({ name }) => name), 'dev', 'terminal'];
const HOMES = [
  ...CHANNELS.filter(({ people }) => people !== undefined).map(({ name }) => name),
  'dev',
  'terminal',
  'web',
];

const address = (channels: readonly string[], example: string) =>
  judged((text) => {
    const [channel = '', ...rest] = text.split(':');
    if (rest.join('') === '' || /\s/.test(text))
      return `${quoted(text)} is not an address; write it like ${example}`;
    if (channels.includes(channel)) return undefined;
    return `no channel called "${channel}", only ${channels.join(', ')}${didYouMean(channel, channels)}`;
  }, `an address such as ${example}`);

export const CHAT = address(CHAT_CHANNELS, 'telegram:-1001234567890');

export const IDENTITY = address(HOMES, 'telegram:123456789').superRefine((text, context) => {
  const [channel = '', ...rest] = text.split(':');
  const shape = CHANNELS.find(({ name }) => name === channel)?.people;
  if (shape !== undefined && !shape.like.test(rest.join(':')))
    context.addIssue({ code: 'custom', message: `${quoted(text)} is not ${shape.expected}` });
});

export const word = <const W extends readonly [string, ...string[]]>(...allowed: W) => z.enum(allowed);

export const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected text, a number, true or false',
});
export const bound = z.union([z.number(), z.string()], {
  error: 'expected a number, or a duration such as 30s',
});
