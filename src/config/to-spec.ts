import type { ApprovalPolicy, JobSpec, JsonValue, RetryPolicy, Target } from '../core/jobs/job.ts';
import { JOB_DEFAULTS, plainSpec } from '../core/jobs/job.ts';
import type { Person } from '../core/people/person.ts';
import type { ScheduleSpec } from '../core/schedules/schedule.ts';
import { parseDuration } from '../core/time/duration.ts';
import type { OpsFile } from './catalog-file.ts';
import type { FileJob, FileOps, FilePerson, FileSchedule } from './catalog-schema.ts';
import { checkValue, toParamSpec } from './param-value.ts';

/** The core's form of a checked job. */
export const toJobSpec = (job: FileJob): JobSpec =>
  plainSpec({
    title: job.title ?? '',
    target: toTarget(job),
    params: Object.fromEntries(Object.entries(job.params).map(([name, param]) => [name, toParamSpec(param)])),
    secrets: job.secrets,
    timeoutMs: ms(job.timeout),
    heavy: job.heavy,
    requesters: job.requesters,
    priority: job.priority,
    ...(job.target !== undefined && { acts: job.target }),
    ...(job.effects !== undefined && { effects: job.effects }),
    ...(job.retry !== undefined && { retry: toRetry(job.retry) }),
    ...(job.approval !== undefined && { approval: toApproval(job.approval) }),
    ...(job.concurrency !== undefined && { concurrency: job.concurrency }),
    ...(job.window !== undefined && { window: job.window }),
    ...(job.preview !== undefined && { preview: job.preview }),
  });

export const toOps = ({ chat, seals, ping }: FileOps): OpsFile => ({
  ...(chat !== undefined && { chat }),
  seals,
  ...(ping !== undefined && { ping }),
});

export const toScheduleSpec = (key: string, schedule: FileSchedule, job: FileJob): ScheduleSpec => ({
  key,
  ...toScheduleTerms(schedule),
  params: Object.fromEntries(
    Object.entries(job.params).flatMap(([name, param]) => {
      if (!Object.hasOwn(schedule.params, name)) return [];
      const checked = checkValue(param, schedule.params[name]);
      return checked.ok ? [[name, checked.value]] : [];
    }),
  ),
});

/** All but its name, and its parameters, which are for a job to judge. */
export const toScheduleTerms = (schedule: FileSchedule): Omit<ScheduleSpec, 'key' | 'params'> => ({
  jobKey: schedule.job,
  cron: schedule.cron,
  timezone: schedule.timezone,
  chat: schedule.chat,
  overlap: schedule.overlap,
  ...(schedule.decideBy !== undefined && { decideByMs: ms(schedule.decideBy) }),
  ...(schedule.escalate !== undefined && { escalate: toEscalation(schedule.escalate) }),
});

export const toPerson = (id: string, person: FilePerson): Person => ({
  id,
  name: person.name ?? `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`,
  identities: person.identities,
  roles: person.roles,
  ...(person.timezone !== undefined && { timezone: person.timezone }),
});

const toTarget = (job: FileJob): Target => {
  if (job.command !== undefined)
    return {
      kind: 'command',
      command: job.command,
      env: job.env ?? [],
      ...(job.cwd !== undefined && { cwd: job.cwd }),
    };
  if (job.http !== undefined) {
    const { method, url, headers, body } = job.http;
    // Zod calls it JSON as well, but mutable.
    return { kind: 'http', method, url, headers, ...(body !== undefined && { body: body as JsonValue }) };
  }
  return { kind: 'demo', ...(job.demo?.behaviour !== undefined && { behaviour: job.demo.behaviour }) };
};

const toRetry = ({ attempts, backoff, max }: NonNullable<FileJob['retry']>): RetryPolicy => ({
  attemptsMax: attempts,
  delayMsMin: ms(backoff),
  delayMsMax: max === undefined ? Math.max(JOB_DEFAULTS.retry.delayMsMax, ms(backoff)) : ms(max),
});

const toApproval = (approval: NonNullable<FileJob['approval']>): ApprovalPolicy => ({
  policy: approval.policy,
  quorum: approval.quorum,
  approvers: approval.approvers,
  needs: approval.needs,
  decideByMs: ms(approval.decideBy),
  startByMs: ms(approval.startBy),
  ...(approval.self !== undefined && { self: approval.self }),
  ...(approval.remind !== undefined && { remindMs: ms(approval.remind) }),
  ...(approval.escalate !== undefined && { escalate: toEscalation(approval.escalate) }),
});

const toEscalation = ({ after, to }: { readonly after: string; readonly to: string }) => ({
  afterMs: ms(after),
  to,
});

const ms = (duration: string): number => {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`the duration ${duration} was checked and cannot be read`);
  return parsed;
};
