import { ProblemError, type ProblemExtras } from '../problem.ts';

/** The codes of the rules, each with its status; `more` goes with a 404. */
export const scheduleProblem = (why: string, said: string, more: ProblemExtras = {}): ProblemError => {
  switch (why) {
    case 'unknown_schedule':
      return new ProblemError(404, 'unknown_schedule', said, more);
    case 'unknown_job':
      return new ProblemError(404, 'unknown_job', said, more);
    case 'may_not_schedule':
      return new ProblemError(403, 'may_not_schedule', said);
    case 'schedule_of_file':
      return new ProblemError(409, 'schedule_of_file', said);
    case 'schedule_exists':
      return new ProblemError(409, 'schedule_exists', said);
    case 'bad_cron':
      return new ProblemError(422, 'bad_cron', said);
    case 'unknown_timezone':
      return new ProblemError(422, 'unknown_timezone', said);
    case 'never_fires':
      return new ProblemError(422, 'never_fires', said);
    case 'too_often':
      return new ProblemError(422, 'too_often', said);
    case 'invalid_params':
      return new ProblemError(422, 'invalid_params', said);
    case 'escalates_too_late':
      return new ProblemError(422, 'escalates_too_late', said);
    case 'unknown_recipient':
      return new ProblemError(422, 'unknown_recipient', said);
    default:
      throw new Error(`a schedule was refused over HTTP with ${why}`);
  }
};
