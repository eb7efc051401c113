import cronstrue from 'cronstrue';
import type { Timing } from '../core/schedules/schedule.ts';

/** "every Monday at 08:00 (Europe/Berlin)". What nobody can put into words is shown as it was written. */
export const timingWords = ({ cron, timezone }: Timing): string => `${inWords(cron)} (${timezone})`;

const inWords = (cron: string): string => {
  try {
    const said = cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false });
    const [, at = '', only, days] = AT.exec(said) ?? [];
    if (at === '') return said.charAt(0).toLowerCase() + said.slice(1);
    if (days === undefined) return `every day at ${at}`;
    return only === undefined ? `${days} at ${at}` : `every ${days} at ${at}`;
  } catch {
    // It does not know a few signs that our reader of expressions knows. Words are never a reason not to ask.
    return cron;
  }
};

const DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
/** "At 08:00", "At 08:00, only on Monday", "At 08:00, Monday through Friday", which nobody would say in that order. */
const AT = new RegExp(
  `^At ([\\d:, and]+?)(?:, (only on )?(${DAY}(?:(?:, and |, | and | through )${DAY})*))?$`,
);
