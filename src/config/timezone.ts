import { didYouMean, quoted } from './suggest.ts';

/** A name such as Europe/Berlin. A bare offset is refused: it knows nothing of summer time. */
export const timezoneProblem = (timezone: string): string | undefined =>
  isTimezone(timezone)
    ? undefined
    : `${quoted(timezone)} is not a time zone${didYouMean(timezone, Intl.supportedValuesOf('timeZone'), 1)}`;

const isTimezone = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};
