import type { ICalendar } from '../core/ports/schedules.ts';
import { upcoming } from './next.ts';
import { timingProblem } from './problem.ts';
import { timingWords } from './words.ts';

/** Cron, as the rest of the program reads it. */
export const calendar: ICalendar = { upcoming, words: timingWords, problem: timingProblem };
