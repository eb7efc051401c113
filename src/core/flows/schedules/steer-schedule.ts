import { holdsRole, mayRequest, maySteer } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import { noRight } from '../../people/refused.ts';
import type { ScheduleChange } from '../../ports/schedules.ts';
import type { Schedule } from '../../schedules/schedule.ts';
import { type Steered, type Steering, steer } from '../../schedules/steer.ts';
import type { ScheduleVerb } from '../../text/grammar/intent.ts';
import { nearest } from '../../text/grammar/nearest.ts';
import { steeredLine } from '../../text/schedules/schedule-answers.ts';
import { type ScheduleRefusal, scheduleRefusal } from '../../text/schedules/schedule-refusals.ts';
import { parseDuration } from '../../time/duration.ts';
import { type Rooms, rightsOf } from '../messages/heard.ts';
import { type Amendment, no } from '../runs/amend.ts';
import { mayKnowSchedule } from './schedules.ts';

export type ScheduleRooms = Pick<Rooms, 'store' | 'ambient' | 'house'>;

export interface ScheduleWriter {
  readonly person: Person;
  readonly identity: string;
}

export interface SteerOrder {
  readonly verb: ScheduleVerb;
  readonly key: string;
  /** For `snooze`. */
  readonly duration: string;
  readonly by: ScheduleWriter;
}

/** Pauses, resumes, skips, puts off or drops a schedule; the change, its record and the answer are one commit. */
export const steerSchedule = (rooms: ScheduleRooms, order: SteerOrder) => async (): Promise<Amendment> => {
  const { verb, key, by } = order;
  if (key === '') return refused({ why: 'schedule_needed', verb });
  const found = await rooms.store.schedules.find(key);
  const job = found && (await rooms.store.catalog.find(found.spec.jobKey));
  if (found === undefined || found.isRetired || !mayKnowSchedule(by.person, job)) {
    const unknown = await unknownSchedule(rooms, by.person, key);
    const isThere = found !== undefined && !found.isRetired;
    return refused(isThere ? { ...unknown, hidden: true } : unknown);
  }
  if (verb === 'drop') {
    if (found.source === 'file') return refused({ why: 'schedule_of_file', key });
    const may = holdsRole(by.person, 'operator') && (job === undefined || mayRequest(by.person, job.spec));
    return may ? dropped(found, by) : refused({ why: 'may_not_steer_schedule', key });
  }
  const may = job === undefined || maySteer(by.person, rightsOf(job), undefined);
  if (!may) return refused({ why: 'may_not_steer_schedule', key });
  const steering = steeringOf(verb, order.duration);
  if (steering === undefined) return refused({ why: 'bad_duration', key, given: order.duration });
  return steered(rooms, found, steering, by);
};

const MINUTE_MS = 60_000;
const SNOOZE_MS_MAX = 30 * 24 * 60 * MINUTE_MS;

const steeringOf = (verb: Exclude<ScheduleVerb, 'drop'>, duration: string): Steering | undefined => {
  if (verb !== 'snooze') return { verb };
  const ms = parseDuration(duration);
  return ms === undefined || ms < MINUTE_MS || ms > SNOOZE_MS_MAX ? undefined : { verb, ms };
};

const RECORDS = {
  pause: 'SchedulePaused',
  resume: 'ScheduleResumed',
  skip: 'ScheduleSkipped',
  snooze: 'ScheduleSnoozed',
} as const;

const steered = async (
  { store, ambient }: ScheduleRooms,
  schedule: Schedule,
  steering: Steering,
  { person, identity }: ScheduleWriter,
): Promise<Amendment> => {
  const { key } = schedule.spec;
  const { verb } = steering;
  const at = await store.now();
  const settled = await store.schedules.settledAfter(key, at);
  const result = steer(schedule, steering, { at, by: person.name, calendar: ambient.calendar, settled });
  if (!result.ok) return refused(refusalOf(schedule, result));
  const { standing, settles, dueAt } = result;
  const payload = {
    schedule: key,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(verb === 'skip' ? { because: 'person' } : {}),
    ...(verb === 'snooze' && standing.nextAt !== undefined ? { until: standing.nextAt } : {}),
  };
  const words = ambient.calendar.words(schedule.spec);
  return {
    said: {
      lines: [steeredLine(schedule.spec, { verb, by: person.name, words, standing, ...dueOf(result) })],
    },
    records: [{ type: RECORDS[verb], actor: `user:${identity}`, payload }],
    schedules: [moves(schedule, { standing, ...(settles === undefined ? {} : { settles }) })],
  };
};

const refusalOf = ({ spec }: Schedule, result: Extract<Steered, { ok: false }>): ScheduleRefusal => {
  const { key, timezone } = spec;
  if (result.why !== 'snooze_too_long') return { why: result.why, key };
  const { why, until, following } = result;
  return { why, key, timezone, until, following };
};

const dueOf = ({ dueAt }: Extract<Steered, { ok: true }>) => (dueAt === undefined ? {} : { dueAt });

const moves = (
  { spec, version }: Schedule,
  change: Omit<ScheduleChange, 'key' | 'expectedVersion'>,
): ScheduleChange => ({ key: spec.key, expectedVersion: version, ...change });

const dropped = (schedule: Schedule, { person, identity }: ScheduleWriter): Amendment => {
  const { key } = schedule.spec;
  return {
    said: { lines: [[`${person.name} dropped the schedule ${key}. What it asked for already stays.`]] },
    records: [{ type: 'ScheduleDropped', actor: `user:${identity}`, payload: { schedule: key } }],
    schedules: [moves(schedule, { standing: {}, retires: true })],
  };
};

const unknownSchedule = async (
  { store }: ScheduleRooms,
  person: Person,
  key: string,
): Promise<Extract<ScheduleRefusal, { why: 'unknown_schedule' }>> => {
  const jobs = new Map((await store.catalog.list()).map((job) => [job.key, job]));
  const visible = (await store.schedules.list(LIST_MAX)).filter(({ spec }) =>
    mayKnowSchedule(person, jobs.get(spec.jobKey)),
  );
  const near = nearest(
    key,
    visible.map(({ spec }) => spec.key),
  )[0];
  return { why: 'unknown_schedule', key, ...(near === undefined ? {} : { near }) };
};

const LIST_MAX = 1000;

/** A no as the amendment it comes to. */
export const refused = (refusal: ScheduleRefusal): Amendment =>
  no(refusal.why, scheduleRefusal(refusal), 'hidden' in refusal ? noRight('may_not_see') : undefined);
