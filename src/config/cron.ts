import { cronFormProblem, neverProblem, tooOftenProblem } from '../scheduler/problem.ts';

/** What is wrong with a cron expression, as in chat: its form, that it never comes round, or all the time. */
export const cronProblem = (cron: string): string | undefined =>
  cronFormProblem(cron) ?? neverProblem(cron) ?? tooOftenProblem(cron);
