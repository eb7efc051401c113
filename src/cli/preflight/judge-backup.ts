import { formatDuration } from '../../core/time/duration.ts';
import { type Finding, ok, warning } from '../doctor/finding.ts';

/** A backup a day, and two hours for the one that is being made. */
const BACKUP_AGE_MS_MAX = 26 * 3_600_000;

export const judgeBackup = (at: number | undefined, now: number): Finding => {
  const cure = 'textops db backup --verify, and a timer that does it every night';
  if (at === undefined) return warning('backup', 'none was made and tried out yet', cure);
  const words = `the last one that was tried out is ${formatDuration(Math.max(0, now - at))} old`;
  return now - at > BACKUP_AGE_MS_MAX ? warning('backup', words, cure) : ok('backup', words);
};
