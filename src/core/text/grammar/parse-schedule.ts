import type { Arguments, Intent, ScheduleVerb } from './intent.ts';

/** `schedule backup "0 2 * * *" Europe/Berlin db=main`, or a word of what to do with one and its key. */
export const scheduleOf = (
  words: readonly string[],
  read: {
    readonly unquoted: (word: string) => string;
    readonly argumentsOf: (words: readonly string[]) => Arguments;
  },
): Intent => {
  const [first = '', ...rest] = words;
  const verb = first.toLowerCase();
  if (first === '') return { type: 'Schedules' };
  if (isVerb(verb)) {
    const [key = '', duration = ''] = rest;
    return { type: 'SteerSchedule', verb, key: key.toLowerCase(), duration: duration.toLowerCase() };
  }
  const { cron, behind } = cronOf(rest, read.unquoted);
  const [zone] = behind;
  const hasZone = zone !== undefined && !zone.includes('=');
  return {
    type: 'MakeSchedule',
    job: verb,
    cron,
    ...(hasZone ? { timezone: read.unquoted(zone) } : {}),
    args: read.argumentsOf(hasZone ? behind.slice(1) : behind),
  };
};

const VERBS: readonly ScheduleVerb[] = ['pause', 'resume', 'skip', 'snooze', 'drop'];

const isVerb = (word: string): word is ScheduleVerb => VERBS.some((verb) => verb === word);

/** In quotes it is one word; without them it ends where a word can be no field of an expression. */
const cronOf = (words: readonly string[], unquoted: (word: string) => string) => {
  const [first = ''] = words;
  if (first.startsWith('@') || /^["']/.test(first)) return { cron: unquoted(first), behind: words.slice(1) };
  const end = words.findIndex((word) => word.includes('=') || ZONE.test(word));
  const fields = words.slice(0, end === -1 ? words.length : end);
  return { cron: fields.join(' '), behind: words.slice(fields.length) };
};

/** Fields have stars, digits and names of three letters. */
const ZONE = /^[a-z_]{2,}\/[a-z]|^utc$|^gmt$|^[a-z]{4,}$/i;
