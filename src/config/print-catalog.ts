import { stringify } from 'yaml';
import type { ApprovalPolicy, JobSpec, ParamSpec, ParamValue, Target } from '../core/jobs/job.ts';
import type { ScheduleSpec } from '../core/schedules/schedule.ts';
import { shortDuration } from '../core/time/duration.ts';
import type { CatalogFile } from './catalog-file.ts';

/** The catalog as a file that reads back as the same catalog, with every default spelled out. */
export const printCatalog = (catalog: CatalogFile): string => {
  const { jobs, schedules, people, ops, traceMode, advisors } = catalog;
  return stringify(
    {
      jobs: Object.fromEntries(jobs.map(({ key, spec }) => [key, printJob(spec)])),
      schedules: Object.fromEntries(schedules.map((each) => [each.key, printSchedule(each, jobs)])),
      people: Object.fromEntries(people.map(({ id, ...person }) => [id, person])),
      ...(ops && { ops }),
      otel: { trace_mode: traceMode },
      advisors,
    },
    { version: '1.2', aliasDuplicateObjects: false, lineWidth: 110 },
  );
};

/** One job in the words of the file, as an HTTP body or an editor takes it. */
export const printJob = (spec: JobSpec): Readonly<Record<string, unknown>> => ({
  ...(spec.title !== '' && { title: spec.title }),
  ...printTarget(spec.target),
  ...(spec.acts !== undefined && { target: spec.acts }),
  params: Object.fromEntries(Object.entries(spec.params).map(([name, param]) => [name, printParam(param)])),
  secrets: spec.secrets,
  timeout: shortDuration(spec.timeoutMs),
  heavy: spec.heavy,
  effects: spec.effects,
  retry: {
    attempts: spec.retry.attemptsMax,
    backoff: shortDuration(spec.retry.delayMsMin),
    max: shortDuration(spec.retry.delayMsMax),
  },
  approval: printApproval(spec.approval),
  requesters: spec.requesters,
  priority: spec.priority,
  // The core writes "as many as there are slots" as the largest number.
  ...(spec.concurrency !== undefined && { concurrency: spec.concurrency }),
  ...(spec.window && { window: spec.window }),
  ...(spec.preview && { preview: spec.preview }),
});

const printTarget = (target: Target): Readonly<Record<string, unknown>> => {
  switch (target.kind) {
    case 'command': {
      const { command, cwd, env } = target;
      return { command, ...(cwd !== undefined && { cwd }), ...(env.length > 0 && { env }) };
    }
    case 'http': {
      const { kind: _, ...http } = target;
      return { http };
    }
    case 'demo': {
      const { kind: _, ...demo } = target;
      return { demo };
    }
  }
};

const printParam = (param: ParamSpec): Readonly<Record<string, unknown>> => {
  const { type, min, max, required, default: preset, enum: values, ...rest } = param;
  const bound = (ms: number): string | number => (type === 'duration' ? shortDuration(ms) : ms);
  return {
    type,
    ...rest,
    ...(min !== undefined && { min: bound(min) }),
    ...(max !== undefined && { max: bound(max) }),
    ...(values && { enum: values.map((value) => printValue(param, value)) }),
    // A default says by itself that nothing is required.
    ...(preset === undefined ? { required } : { default: printValue(param, preset) }),
  };
};

/** A number is text inside, so that the history never hashes a float; the file spells it as a number. */
const printValue = ({ type }: ParamSpec, value: ParamValue): ParamValue =>
  type === 'number' ? Number(value) : value;

const printApproval = (approval: ApprovalPolicy): Readonly<Record<string, unknown>> => ({
  policy: approval.policy,
  quorum: approval.quorum,
  approvers: approval.approvers,
  needs: approval.needs,
  ...(approval.self !== undefined && { self: approval.self }),
  decideBy: shortDuration(approval.decideByMs),
  startBy: shortDuration(approval.startByMs),
  ...(approval.remindMs !== undefined && { remind: shortDuration(approval.remindMs) }),
  ...(approval.escalate && { escalate: printEscalation(approval.escalate) }),
});

const printEscalation = ({ afterMs, to }: { readonly afterMs: number; readonly to: string }) => ({
  after: shortDuration(afterMs),
  to,
});

const printSchedule = (
  schedule: ScheduleSpec,
  jobs: CatalogFile['jobs'],
): Readonly<Record<string, unknown>> => {
  const specs = jobs.find(({ key }) => key === schedule.jobKey)?.spec.params ?? {};
  const printed = Object.entries(schedule.params).map(([name, value]) => {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    return [name, spec === undefined ? value : printValue(spec, value)];
  });
  return {
    job: schedule.jobKey,
    cron: schedule.cron,
    timezone: schedule.timezone,
    chat: schedule.chat,
    params: Object.fromEntries(printed),
    overlap: schedule.overlap,
    ...(schedule.decideByMs !== undefined && { decideBy: shortDuration(schedule.decideByMs) }),
    ...(schedule.escalate && { escalate: printEscalation(schedule.escalate) }),
  };
};
