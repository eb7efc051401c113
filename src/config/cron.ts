import { readCron } from '../scheduler/next.ts';
import { quoted } from './suggest.ts';

/** What is wrong with a cron expression: its form, or that it never comes round. */
export const cronProblem = (cron: string): string | undefined => {
  const fields = cron.trim().split(/\s+/).length;
  if (fields < 5 && !cron.startsWith('@'))
    return `${quoted(cron)} has ${fields} of 5 fields: minute, hour, day, month, weekday`;
  if (fields > 6) return `${quoted(cron)} has ${fields} fields; at most 6 are read (seconds first)`;
  try {
    const next = readCron({ cron, timezone: 'UTC' }).nextRun(SOME_DAY);
    return next === null ? `${quoted(cron)} never comes round` : undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = error.message.replace(/^CronPattern: /, '').replace(/^Invalid/, 'invalid');
    return `${quoted(cron)} is not a cron expression: ${reason}`;
  }
};

// A fixed day, so that the same file is right or wrong whenever it is read.
const SOME_DAY = new Date('2026-01-01T00:00:00Z');
