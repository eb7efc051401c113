import { JOB_DEFAULTS } from '../core/jobs/job.ts';
import { isOwnName } from '../core/jobs/self-test.ts';
import { parseDuration } from '../core/time/duration.ts';
import type { FileJob } from './catalog-schema.ts';
import { checkParam } from './check-param.ts';
import { checkTarget } from './check-target.ts';
import type { Finding, Path } from './problem.ts';

/**
 * Whether one well-formed job makes sense by itself. Who is allowed to do what is checked with the people.
 */
export const checkJob = (job: FileJob, at: Path): Finding[] => [
  ...checkName(at),
  ...checkTarget(job, at),
  ...Object.entries(job.params).flatMap(([name, param]) => checkParam(param, [...at, 'params', name])),
  ...checkRetry(job, at),
  ...checkApproval(job, at),
  ...checkWindow(job, at),
  ...checkSecrets(job, at),
];

const checkName = (at: Path): Finding[] =>
  isOwnName(String(at.at(-1)))
    ? [{ path: at, message: 'names that begin with "textops." are for jobs of the program itself' }]
    : [];

const checkRetry = (job: FileJob, at: Path): Finding[] => {
  if (job.retry === undefined) return [];
  const { attempts, backoff, max } = job.retry;
  const harmless = job.effects === 'idempotent' || (job.effects === undefined && job.demo !== undefined);
  const findings: Finding[] = [];
  if (attempts > 1 && !harmless)
    findings.push({
      path: [...at, 'retry', 'attempts'],
      message: `${attempts} attempts need effects: idempotent; otherwise a person is asked before it is started again`,
    });
  else if (attempts > 1 && job.heavy)
    findings.push({
      path: [...at, 'retry', 'attempts'],
      message: `${attempts} attempts need a light job; a heavy one starts once for each approval`,
    });
  if (max !== undefined && msOf(backoff) > msOf(max))
    findings.push({ path: [...at, 'retry', 'max'], message: `is shorter than backoff ${backoff}` });
  return findings;
};

const checkApproval = (job: FileJob, at: Path): Finding[] => {
  if (job.approval === undefined) return [];
  const { policy, decideBy, remind, escalate, needs } = job.approval;
  const path = [...at, 'approval'];
  const findings: Finding[] = [];
  if (policy === 'never' && job.heavy)
    findings.push({ path: [...path, 'policy'], message: 'never is refused for a heavy job' });
  if (remind !== undefined && msOf(remind) >= msOf(decideBy))
    findings.push({ path: [...path, 'remind'], message: `must be shorter than decideBy ${decideBy}` });
  if (escalate !== undefined && msOf(escalate.after) >= msOf(decideBy))
    findings.push({
      path: [...path, 'escalate', 'after'],
      message: `must be shorter than decideBy ${decideBy}`,
    });
  needs.forEach(({ role }, index) => {
    if (needs.findIndex((each) => each.role === role) < index)
      findings.push({
        path: [...path, 'needs', index, 'role'],
        message: `"${role}" is listed twice; use count`,
      });
  });
  return findings;
};

const checkWindow = ({ window, heavy }: FileJob, at: Path): Finding[] => {
  if (window === undefined) return [];
  const path = [...at, 'window'];
  const findings: Finding[] = [];
  if (!heavy)
    findings.push({ path, message: 'goes with heavy: true only; a light job starts at once', on: 'key' });
  if (window.from === window.to)
    findings.push({
      path: [...path, 'to'],
      message: 'is the same as "from"; leave the window out for the whole day',
    });
  return findings;
};

const checkSecrets = ({ secrets }: FileJob, at: Path): Finding[] =>
  secrets.flatMap((name, index) =>
    secrets.indexOf(name) < index
      ? [{ path: [...at, 'secrets', index], message: `${name} is listed twice` }]
      : [],
  );

/** The schema has already made sure that it can be read. */
const msOf = (duration: string): number => parseDuration(duration) ?? JOB_DEFAULTS.decideByMs;
