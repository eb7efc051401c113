import { parseDuration } from '../core/time/duration.ts';
import type { FileJob, FileSchedule } from './catalog-schema.ts';
import { checkValue } from './param-value.ts';
import type { Finding, Path } from './problem.ts';
import { didYouMean, quoted } from './suggest.ts';

/**
 * Whether one well-formed schedule makes sense. `jobKeys` are all keys of the file; `job` is missing when
 * the job exists but has problems of its own.
 */
export const checkSchedule = (
  schedule: FileSchedule,
  jobKeys: readonly string[],
  job: FileJob | undefined,
  at: Path,
): Finding[] => [
  ...checkReference(schedule.job, jobKeys, [...at, 'job']),
  ...(job === undefined ? [] : checkParams(schedule, job, at)),
  ...checkEscalation(schedule, job, at),
];

const checkReference = (key: string, jobKeys: readonly string[], path: Path): Finding[] =>
  jobKeys.includes(key) ? [] : [{ path, message: `no job called ${quoted(key)}${didYouMean(key, jobKeys)}` }];

const checkParams = (schedule: FileSchedule, job: FileJob, at: Path): Finding[] => {
  const known = new Map(Object.entries(job.params));
  const given = Object.entries(schedule.params).flatMap(([name, value]): Finding[] => {
    const path = [...at, 'params', name];
    const param = known.get(name);
    if (param === undefined) {
      const guess = didYouMean(name, [...known.keys()]);
      return [{ path, message: `job "${schedule.job}" has no such parameter${guess}`, on: 'key' }];
    }
    const checked = checkValue(param, value);
    return checked.ok ? [] : [{ path, message: checked.message }];
  });
  const missing = [...known]
    .filter(
      ([name, { required, default: preset }]) =>
        required !== false && preset === undefined && !Object.hasOwn(schedule.params, name),
    )
    .map(
      ([name]): Finding => ({
        path: at,
        message: `job "${schedule.job}" needs the parameter "${name}"; give it under params`,
      }),
    );
  return [...given, ...missing];
};

const checkEscalation = (schedule: FileSchedule, job: FileJob | undefined, at: Path): Finding[] => {
  const decideBy = schedule.decideBy ?? job?.approval?.decideBy ?? '30m';
  const after = schedule.escalate?.after;
  if (after === undefined || (parseDuration(after) ?? 0) < (parseDuration(decideBy) ?? 0)) return [];
  return [{ path: [...at, 'escalate', 'after'], message: `must be shorter than decideBy ${decideBy}` }];
};
