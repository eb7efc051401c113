import type { Observation } from '../../ports/observe.ts';
import type { ScheduleChange } from '../../ports/schedules.ts';
import { type DueSchedule, type Turn, turnOf } from '../../schedules/turn.ts';
import { plainLines } from '../../text/cards/plain.ts';
import type { Line } from '../../text/cards/rich.ts';
import { type Draft, PRIORITY } from '../../text/grammar/draft.ts';
import { hinderedLine, missedLine } from '../../text/schedules/schedule-words.ts';
import type { Instant } from '../../time/instant.ts';
import type { Rooms } from '../messages/heard.ts';
import { amend } from '../runs/amend.ts';

/** A schedule that could not be asked, as it was then. */
export interface Hindered {
  readonly key: string;
  readonly version: number;
  readonly because: string;
}

interface Settling {
  readonly at: Instant;
  readonly limit: number;
  readonly hindered: readonly Hindered[];
}

/**
 * Settles every due occurrence of which no question comes: missed, left out, put off, impossible. All of them are one
 * commit, so a conversation with many schedules hears of a long outage once. Answers how many there were.
 */
export const settleDue = async (rooms: Rooms, settling: Settling): Promise<number> => {
  const { store, observe } = rooms;
  const now = (): Promise<Instant> => Promise.resolve(settling.at);
  // Judged anew when another record came in between; what was judged last is what was written.
  let outcomes: readonly Outcome[] = [];
  await amend({ runs: store.runs, now }, async () => {
    const due = await store.schedules.due(settling.at, settling.limit);
    outcomes = due.flatMap((schedule) => outcomeOf(rooms, schedule, settling) ?? []);
    return {
      said: { lines: [] },
      schedules: outcomes.map(({ change }) => change),
      records: outcomes.flatMap(({ record }) => record ?? []),
      outbox: notesOf(outcomes),
    };
  });
  for (const { observation } of outcomes) if (observation !== undefined) observe(observation);
  return outcomes.length;
};

interface Outcome {
  readonly change: ScheduleChange;
  readonly record?: { readonly type: string; readonly actor: string; readonly payload: object };
  readonly observation?: Observation;
  readonly told?: Told;
}

/** A line for the schedule's conversation. */
interface Told {
  readonly chat: string;
  readonly key: string;
  readonly line: Line;
}

const outcomeOf = (rooms: Rooms, schedule: DueSchedule, { at, hindered }: Settling): Outcome | undefined => {
  const turn = turnOf(schedule, at, rooms.ambient.calendar);
  switch (turn?.kind) {
    case undefined:
      return undefined;
    case 'ask': {
      const { spec, version } = schedule;
      const found = hindered.find((one) => one.key === spec.key && one.version === version);
      return found && impossible(schedule, turn, found.because);
    }
    case 'wait':
      return basics(schedule, turn);
    case 'skip':
      return skipped(schedule, turn, { because: 'overlap', runId: turn.runId });
    case 'miss':
      return missed(schedule, turn);
  }
};

const basics = (
  { spec, version }: DueSchedule,
  { after }: Turn,
  settles?: ScheduleChange['settles'],
): Outcome => ({
  change: {
    key: spec.key,
    expectedVersion: version,
    standing: after,
    ...(settles === undefined ? {} : { settles }),
  },
});

const telling = ({ spec }: DueSchedule, { dueAt }: Turn, line: Line): Told => ({
  chat: spec.chat,
  key: `schedule-told:${spec.key}:${dueAt}`,
  line,
});

interface Why {
  readonly because: string;
  /** The run that was in the way. */
  readonly runId?: string;
}

const skipped = (schedule: DueSchedule, turn: Turn, why: Why): Outcome => {
  const { key, jobKey } = schedule.spec;
  const { dueAt } = turn;
  return {
    ...basics(schedule, turn, { dueAt, outcome: 'skipped', ...why }),
    record: { type: 'ScheduleSkipped', actor: `schedule:${key}`, payload: { schedule: key, dueAt, ...why } },
    observation: { kind: 'schedule_skipped', schedule: key, jobKey, ...why },
  };
};

/** Unlike a run that is still open, this is somebody's to put right. */
const impossible = (schedule: DueSchedule, turn: Turn, because: string): Outcome => ({
  ...skipped(schedule, turn, { because }),
  told: telling(schedule, turn, hinderedLine(schedule.spec, turn, because)),
});

const missed = (schedule: DueSchedule, turn: Extract<Turn, { kind: 'miss' }>): Outcome => {
  const { key, jobKey } = schedule.spec;
  const { from, dueAt, times, more } = turn;
  return {
    ...basics(schedule, turn, { dueAt, outcome: 'missed', times }),
    record: {
      type: 'ScheduleMissed',
      actor: 'system:recovery',
      payload: { schedule: key, from, dueAt, times, ...(more ? { more } : {}) },
    },
    observation: { kind: 'schedule_missed', schedule: key, jobKey, times },
    told: telling(schedule, turn, missedLine(schedule.spec, turn)),
  };
};

/** More of them in one message helps nobody. */
const LINES_MAX = 20;

/** One message for each conversation, however many of its schedules have something to tell. */
const notesOf = (outcomes: readonly Outcome[]): readonly Draft[] => {
  const chats = new Map<string, { readonly key: string; readonly lines: Line[] }>();
  for (const { chat, key, line } of outcomes.flatMap(({ told }) => told ?? [])) {
    const note = chats.get(chat);
    if (note === undefined) chats.set(chat, { key, lines: [line] });
    else note.lines.push(line);
  }
  return [...chats].map(([address, { key, lines }]) => {
    const shown = lines.slice(0, LINES_MAX);
    const rest = lines.length - shown.length;
    if (rest > 0) shown.push([`… and ${rest} more: /schedules`]);
    return {
      key,
      address,
      priority: PRIORITY.prompt,
      content: { kind: 'note', note: { lines: shown, actions: [] }, plain: plainLines(shown).join('\n') },
    };
  });
};
