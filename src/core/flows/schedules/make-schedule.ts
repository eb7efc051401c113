import type { JobVersion, Params } from '../../jobs/job.ts';
import { checkParams } from '../../jobs/params.ts';
import { holdsRole, mayRequest, maySee } from '../../people/may.ts';
import { firstOf, firstOpen } from '../../schedules/first-of.ts';
import type { Schedule, ScheduleSource, ScheduleSpec, Standing } from '../../schedules/schedule.ts';
import type { Arguments } from '../../text/grammar/intent.ts';
import { nearest } from '../../text/grammar/nearest.ts';
import { madeLines, NAMED } from '../../text/schedules/schedule-answers.ts';
import type { ScheduleRefusal } from '../../text/schedules/schedule-refusals.ts';
import type { Instant } from '../../time/instant.ts';
import { rightsOf } from '../messages/heard.ts';
import type { Amendment } from '../runs/amend.ts';
import { refused, type ScheduleRooms, type ScheduleWriter } from './steer-schedule.ts';

export interface ScheduleOrder extends Omit<ScheduleSpec, 'key' | 'params'> {
  /** Without one it is called after its job. */
  readonly key?: string;
  readonly args: Arguments;
  readonly source: Exclude<ScheduleSource, 'file'>;
  readonly by: ScheduleWriter;
}

/** A new schedule in the database: what it is, the record of who made it and the answer are one commit. */
export const makeSchedule = (rooms: ScheduleRooms, order: ScheduleOrder) => async (): Promise<Amendment> => {
  const judged = await judge(rooms, order);
  if ('why' in judged) return refused(judged);
  const taken = order.key === undefined ? undefined : await rooms.store.schedules.find(order.key);
  if (taken !== undefined && !taken.isRetired) {
    return refused({ why: 'schedule_exists', key: taken.spec.key, same: 'name' });
  }
  const twin = order.key === undefined ? await twinOf(rooms, order, judged.params) : undefined;
  if (twin !== undefined) return refused({ why: 'schedule_exists', key: twin.spec.key, same: 'definition' });
  const key = order.key ?? (await freeKey(rooms, order.jobKey));
  if (key === undefined) {
    return refused({ why: 'too_many_schedules', jobKey: order.jobKey, max: OF_ONE_JOB_MAX });
  }
  const spec = specOf(key, order, judged.params);
  const standing = await standingOf(rooms, spec);
  return defined(rooms, { spec, standing, version: taken?.version ?? 0 }, order, judged.job);
};

/** The same schedule with another definition; a new timing begins now, and a pause stays. */
export const changeSchedule =
  (rooms: ScheduleRooms, order: ScheduleOrder & { readonly key: string }) => async (): Promise<Amendment> => {
    const { key } = order;
    const old = await rooms.store.schedules.find(key);
    if (old === undefined || old.isRetired) return refused({ why: 'unknown_schedule', key });
    if (old.source === 'file') return refused({ why: 'schedule_of_file', key });
    // Whoever turns it into something else takes away what it was.
    const before = await rooms.store.catalog.find(old.spec.jobKey);
    if (before !== undefined && !mayRequest(order.by.person, before.spec)) {
      return refused({ why: 'may_not_schedule', jobKey: before.key });
    }
    const judged = await judge(rooms, order);
    if ('why' in judged) return refused(judged);
    const spec = specOf(key, order, judged.params);
    const goesOn = old.spec.cron === spec.cron && old.spec.timezone === spec.timezone;
    const stays = goesOn || old.standing.paused !== undefined;
    const standing = stays ? old.standing : await standingOf(rooms, spec);
    return defined(rooms, { spec, standing, version: old.version }, order, judged.job);
  };

type Judged = { readonly job: JobVersion; readonly params: Params } | ScheduleRefusal;

/** Everything that can be said of a definition before it is known whether there is room for it. */
const judge = async ({ store, ambient }: ScheduleRooms, order: ScheduleOrder): Promise<Judged> => {
  const { person } = order.by;
  const { jobKey } = order;
  const job = await store.catalog.find(jobKey);
  if (job === undefined || !maySee(person, rightsOf(job))) {
    const visible = (await store.catalog.list()).filter((one) => maySee(person, rightsOf(one)));
    const near = nearest(
      jobKey,
      visible.map(({ key }) => key),
    )[0];
    const hidden = job === undefined ? {} : ({ hidden: true } as const);
    return { why: 'unknown_job', jobKey, ...(near === undefined ? {} : { near }), ...hidden };
  }
  if (!holdsRole(person, 'operator') || !mayRequest(person, job.spec)) {
    return { why: 'may_not_schedule', jobKey };
  }
  if (order.cron === '') return { why: 'cron_needed', jobKey };
  const problem = ambient.calendar.problem(order);
  if (problem !== undefined) return problem;
  const wrongly = await escalationProblem(store, order, job);
  if (wrongly !== undefined) return wrongly;
  const checked = checkParams(job.spec.params, order.args);
  if (!checked.ok) return { why: 'invalid_params', problems: checked.problems };
  // What nobody gave is left to the job, as it will be then.
  const chosen = Object.entries(checked.params).filter(([name]) => !checked.defaulted.includes(name));
  return { job, params: Object.fromEntries(chosen) };
};

/** The same as in the file: it comes before the end, and there is somebody behind the name. */
const escalationProblem = async (
  store: ScheduleRooms['store'],
  { escalate, decideByMs }: ScheduleOrder,
  { spec }: JobVersion,
): Promise<ScheduleRefusal | undefined> => {
  if (escalate === undefined) return undefined;
  const { afterMs, to } = escalate;
  const until = decideByMs ?? spec.approval.decideByMs;
  if (afterMs >= until) return { why: 'escalates_too_late', decideByMs: until };
  if (to.includes(':')) return undefined;
  const ids = (await store.people.list()).map(({ id }) => id);
  if (ids.includes(to)) return undefined;
  const near = nearest(to, ids)[0];
  return { why: 'unknown_recipient', to, ...(near === undefined ? {} : { near }) };
};

const specOf = (key: string, order: ScheduleOrder, params: Params): ScheduleSpec => {
  const { jobKey, cron, timezone, chat, overlap, decideByMs, escalate } = order;
  return {
    key,
    jobKey,
    cron,
    timezone,
    chat,
    params,
    overlap,
    ...(decideByMs === undefined ? {} : { decideByMs }),
    ...(escalate === undefined ? {} : { escalate }),
  };
};

const standingOf = async ({ store, ambient }: ScheduleRooms, spec: ScheduleSpec): Promise<Standing> => {
  const at = await store.now();
  const settled = await store.schedules.settledAfter(spec.key, at);
  const nextAt = firstOpen(ambient.calendar.upcoming(spec, at), settled);
  return nextAt === undefined ? {} : { nextAt };
};

/** Somebody who repeats a wish must not be asked twice at every occurrence. */
const twinOf = async (
  { store }: ScheduleRooms,
  { jobKey, cron, timezone, chat }: ScheduleOrder,
  params: Params,
): Promise<Schedule | undefined> => {
  const all = await store.schedules.list(LIST_MAX);
  return all.find(
    ({ spec }) =>
      spec.jobKey === jobKey &&
      spec.cron === cron &&
      spec.timezone === timezone &&
      spec.chat === chat &&
      sameParams(spec.params, params),
  );
};

const LIST_MAX = 1000;

const sameParams = (a: Params, b: Params): boolean => {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
  );
};

const OF_ONE_JOB_MAX = 99;
/** So that a number fits behind it. */
const STEM_MAX = 60;

/** `backup`, `backup-2`, …: a key that no schedule ever had, because the history knows them by it. */
const freeKey = async ({ store }: ScheduleRooms, jobKey: string): Promise<string | undefined> => {
  const stem = jobKey.slice(0, STEM_MAX);
  for (let number = 1; number <= OF_ONE_JOB_MAX; number += 1) {
    const key = number === 1 ? stem : `${stem}-${number}`;
    if ((await store.schedules.find(key)) === undefined) return key;
  }
  return undefined;
};

const defined = (
  { ambient, house }: ScheduleRooms,
  { spec, standing, version }: Pick<Schedule, 'spec' | 'standing' | 'version'>,
  { source, by }: ScheduleOrder,
  job: JobVersion,
): Amendment => {
  const { key, jobKey, cron, timezone, chat, params } = spec;
  const what = version === 0 ? 'made' : 'changed';
  const payload = { schedule: key, job: jobKey, cron, timezone, chat, params };
  const lines = madeLines(spec, {
    what,
    words: ambient.calendar.words(spec),
    next: standing.nextAt === undefined ? [] : firstOf(from(ambient, spec, standing.nextAt), NAMED),
    never: asksNever(job, house),
    here: source === 'chat',
  });
  return {
    said: { lines },
    records: [
      {
        type: what === 'made' ? 'ScheduleCreated' : 'ScheduleChanged',
        actor: `user:${by.identity}`,
        payload,
      },
    ],
    schedules: [{ key, expectedVersion: version, standing, defines: { spec, source } }],
  };
};

const asksNever = ({ spec }: JobVersion, { profile }: ScheduleRooms['house']) => {
  if (spec.approval.policy !== 'never') return 'no';
  return profile === 'dev' ? 'always' : 'while accepted';
};

const from = (ambient: ScheduleRooms['ambient'], spec: ScheduleSpec, nextAt: Instant): Iterable<Instant> =>
  ambient.calendar.upcoming(spec, nextAt - 1);
