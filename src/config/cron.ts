import { cronFormProblem, neverProblem } from '../scheduler/problem.ts';

/** What is wrong with a cron expression: its form, or that it never comes round. */
export const cronProblem = (cron: string): string | undefined => cronFormProblem(cron) ?? neverProblem(cron);
