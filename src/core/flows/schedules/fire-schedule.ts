import { asArguments, checkParams } from '../../jobs/params.ts';
import type { Origin } from '../../runs/run.ts';
import type { Schedule, Trigger } from '../../schedules/schedule.ts';
import { type DueSchedule, type Turn, turnOf } from '../../schedules/turn.ts';
import type { Instant } from '../../time/instant.ts';
import type { Rooms } from '../messages/heard.ts';
import { filesOf } from '../runs/files-of.ts';
import { asksAllTheSame, mayRunUnasked } from '../runs/never.ts';
import { type Hindered, settleDue } from './settle-schedules.ts';

/** Schedules looked at in one turn. */
const PAGE = 100;

/**
 * Brings about what is due. Any number of processes may do it: what comes of an occurrence and the advance of its schedule
 * are one commit, which falls when somebody else was faster. One time of the database serves the whole turn.
 */
export const fireSchedules = (rooms: Rooms) => async (): Promise<'busy' | 'idle'> => {
  const at = await rooms.store.now();
  const due = await rooms.store.schedules.due(at, PAGE);
  if (due.length === 0) return 'idle';
  const asked = await Promise.all(due.map((schedule) => askIfDue(rooms, schedule, at)));
  const hindered = asked.filter((one) => typeof one === 'object');
  const settled = await settleDue(rooms, { at, limit: PAGE, hindered });
  // A schedule may need several steps; one that met a fault waits for the next turn.
  return settled > 0 || asked.some((one) => one === 'asked' || one === 'stale') ? 'busy' : 'idle';
};

type Asked = 'asked' | 'stale' | 'not_now' | 'faulted' | Hindered;

/** One schedule that cannot be asked does not keep the others from being asked. */
const askIfDue = async (rooms: Rooms, schedule: DueSchedule, at: Instant): Promise<Asked> => {
  const turn = turnOf(schedule, at, rooms.ambient.calendar);
  if (turn?.kind !== 'ask') return 'not_now';
  try {
    return await ask(rooms, schedule, turn, at);
  } catch (error) {
    rooms.observe({ kind: 'loop_faulted', loop: `schedule ${schedule.spec.key}`, error });
    return 'faulted';
  }
};

type Ask = Extract<Turn, { kind: 'ask' }>;

/** A request like any other, signed by the schedule. It can decide nothing. */
const ask = async (rooms: Rooms, schedule: Schedule, turn: Ask, at: Instant): Promise<Asked> => {
  const { spec, version } = schedule;
  const { key, jobKey, chat, decideByMs, escalate } = spec;
  const hindered = (because: string): Hindered => ({ key, version, because });
  const job = await rooms.store.catalog.find(jobKey);
  if (job === undefined) return hindered('unknown_job');
  const checked = checkParams(job.spec.params, asArguments(spec.params));
  if (!checked.ok) return hindered('invalid_params');
  const { params, defaulted } = checked;
  const files = await filesOf(rooms.ambient, job.spec);
  const { dueAt } = turn;
  const executed = await rooms.orchestrator.execute({
    runId: rooms.ambient.newRunId,
    schedule: (runId) => ({
      key,
      expectedVersion: version,
      standing: turn.after,
      settles: { dueAt, outcome: 'asked', runId },
    }),
    command: async (_state, runId) => ({
      type: 'request',
      runId,
      job,
      params,
      defaulted,
      by: { kind: 'schedule', key },
      origin: originOf(rooms, chat),
      selfApproval: false,
      neverAccepted: await mayRunUnasked(rooms, { job, files, at }),
      files,
      trigger: triggerOf(rooms, schedule, turn),
      ...(decideByMs === undefined ? {} : { decideByMs }),
      ...(escalate === undefined ? {} : { escalate }),
      at,
    }),
    replies: ({ after }) => asksAllTheSame(rooms, { job, files, at }, after),
  });
  if (executed.outcome !== 'committed') return 'stale';
  return executed.decision.ok ? 'asked' : hindered(executed.decision.refusal.why);
};

const originOf = ({ house }: Rooms, address: string): Origin => ({
  channel: address.slice(0, address.indexOf(':')),
  address,
  chat: house.isGroup?.(address) === true ? 'group' : 'private',
});

const triggerOf = ({ ambient }: Rooms, { spec }: Schedule, { dueAt, late, after }: Ask): Trigger => ({
  schedule: spec.key,
  dueAt,
  words: ambient.calendar.words(spec),
  timezone: spec.timezone,
  ...(after.nextAt === undefined ? {} : { nextAt: after.nextAt }),
  ...(late === undefined ? {} : { late }),
});
