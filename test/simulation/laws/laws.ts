import type { Delivery, Inbound } from '../../../src/core/ports/channel.ts';
import { asRunEvent, type RunEvent, type StoredEvent } from '../../../src/core/runs/event.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import { absent, type LiveRun } from '../../../src/core/runs/run.ts';
import type { Mouth } from '../people/mouth.ts';
import type { Chats } from '../world/chats.ts';
import type { Start } from '../world/jobs.ts';
import type { Program } from '../world/world.ts';
import { checkLost, checkReport, checkRetry } from './attempt-laws.ts';
import { checkFold, checkLink, checkMove } from './chain-laws.ts';
import { type Changes, watchChanges } from './changes.ts';
import { checkFrozen, checkNoClaim } from './freeze-laws.ts';
import { checkAnswer, checkRecord, checkTaken, messageBehind } from './message-laws.ts';
import type { Closed, Happening, Known, Mirror, Typed } from './mirror.ts';
import { checkComers, checkPeopleRecord, newComers } from './people-laws.ts';
import { checkProcess, checkProcesses } from './process-laws.ts';
import { checkQueue } from './queue-laws.ts';
import type { Place } from './reading.ts';
import { checkTriggered } from './schedule-laws.ts';
import { FIRST_LINK } from './second-opinion.ts';
import { checkDispatch, checkResumed, checkStarted, checkTimeout } from './start-laws.ts';
import { checkQuestion, checkVote } from './vote-laws.ts';

/** Looks at everything that happens, from outside, and says when a promise is broken. */
export interface Laws {
  /** After every transaction. */
  readonly look: () => void;
  readonly onStart: (start: Start) => void;
  readonly onTaken: (delivery: Delivery, kind: 'new' | 'edit', by: Program) => void;
  readonly onConfirmed: (inbound: Inbound) => void;
  /** Whether Telegram took this, as a message or as an edit of one. */
  readonly wasTaken: (key: string, address: string) => boolean;
}

export const newLaws = (mirror: Mirror, mouth: () => Mouth, chats: () => Chats): Laws => {
  const { world, reading } = mirror;
  const memory: Memory = {
    changes: watchChanges(world.db),
    lastEvent: 0,
    systemHead: { seq: 0, hash: FIRST_LINK },
    leases: new Map(),
    states: new Map(),
    isFrozen: false,
  };
  const taken: { readonly key: string; readonly address: string }[] = [];
  return {
    look: () => look(mirror, memory, mouth()),
    onStart: (start) => checkProcess(mirror, start),
    onTaken: (delivery, kind, by) => {
      taken.push(delivery);
      checkTaken(mirror, chats(), { delivery, kind, by });
    },
    // The row of a message moves with its chat, also when Telegram has taken it already.
    wasTaken: (key, address) =>
      taken.some((one) => one.key === key && [one.address, world.home(one.address)].includes(address)),
    onConfirmed: ({ eventKey }) => {
      if (!reading.isStored(eventKey)) {
        world.breaks('S13', `update ${eventKey} was confirmed to Telegram and is not stored`);
      }
    },
  };
};

/** What was seen at the last look. */
interface Memory {
  readonly changes: Changes;
  /** The row of the newest event. */
  lastEvent: number;
  systemHead: { readonly seq: number; readonly hash: string };
  leases: ReadonlyMap<string, Place>;
  isFrozen: boolean;
  /** Of messages, by their number in the inbox. */
  readonly states: Map<number, string>;
}

const look = (mirror: Mirror, memory: Memory, mouth: Mouth): void => {
  const { world, reading } = mirror;
  const { changes } = memory;
  const movesPeople = changes.in('people', 'identities');
  if (movesPeople) register(mirror);
  const hasEvents = changes.in('events');
  const closed = changes.in('inbox') ? closedSince(mirror, memory, mouth) : [];
  // A transaction that freezes or unfreezes may hold what came before or after it.
  const wasFrozen = memory.isFrozen;
  if (changes.in('freezes')) memory.isFrozen = reading.isFrozen();
  const frozen = wasFrozen && memory.isFrozen;
  const touched = new Set<Known>();
  for (const event of hasEvents ? reading.eventsAfter(memory.lastEvent) : []) {
    memory.lastEvent = event.row;
    world.write('history', `${event.chain} ${event.seq} ${event.type} by ${event.actor}`);
    if (event.chain === 'system') takeRecord(mirror, memory, event, closed);
    else {
      if (frozen) checkFrozen(mirror, event);
      touched.add(takeEvent(mirror, memory, event, closed));
    }
  }
  if (movesPeople) checkComers(mirror);
  for (const run of touched) checkFold(mirror, run);
  for (const one of closed) checkAnswer(mirror, one);
  checkProcesses(mirror);
  if (!changes.in('job_queue', 'job_later', 'job_leases') && touched.size === 0) return;
  const places = reading.places();
  checkQueue(mirror, places);
  const leases = leasesOf(mirror, places);
  if (frozen) checkNoClaim(mirror, memory.leases, leases);
  memory.leases = leases;
};

/** Messages of people that the newest transaction is through with. */
const closedSince = (mirror: Mirror, { changes, states }: Memory, mouth: Mouth): readonly Closed[] => {
  const { world, reading, storedAt } = mirror;
  return changes.messages().flatMap((id) => {
    const row = reading.message(id);
    const before = states.get(id);
    if (row === undefined || before === row.state) return [];
    if (before === undefined) storedAt.set(id, world.time.now());
    states.set(id, row.state);
    const said = mouth.saidUnder(row.channel, row.event_key);
    return row.state === 'done' && said !== undefined ? [{ row, said }] : [];
  });
};

const takeRecord = (mirror: Mirror, memory: Memory, event: StoredEvent, closed: readonly Closed[]): void => {
  checkLink(mirror, memory.systemHead, event);
  memory.systemHead = { seq: event.seq, hash: event.hash };
  checkRecord(mirror, event.actor, event.type, closed);
  checkPeopleRecord(mirror, event);
};

const takeEvent = (mirror: Mirror, memory: Memory, event: StoredEvent, closed: readonly Closed[]): Known => {
  const run = mirror.runs.get(event.chain) ?? begun(mirror, event);
  checkLink(mirror, run, event);
  run.seq = event.seq;
  run.hash = event.hash;
  if (event.type === 'ApprovalRequested') mirror.askedAt.set(run.runId, mirror.world.time.now());
  const typed = asRunEvent(event);
  const before = run.state;
  const lease = memory.leases.get(run.runId);
  const basics = { event: typed, run, before, lease, closed, previous: run.events.at(-1) };
  const behind = messageBehind(mirror, basics);
  run.state = evolve(before, typed, run.runId);
  judge(mirror, { ...basics, behind, after: run.state as LiveRun });
  run.events.push(typed);
  return run;
};

const begun = (mirror: Mirror, { chain, type, payload }: StoredEvent): Known => {
  const { jobKey, jobVersion } = payload as Typed<'RunCreated'>['payload'];
  const spec = type === 'RunCreated' ? mirror.specOf(jobKey, jobVersion) : undefined;
  if (spec === undefined) throw new Error(`${chain} begins with ${type} and without a job`);
  const run: Known = { runId: chain, events: [], state: absent, seq: 0, hash: FIRST_LINK, spec };
  mirror.runs.set(chain, run);
  return run;
};

const judge = (mirror: Mirror, happening: Happening): void => {
  checkMove(mirror, happening);
  const { event } = happening;
  const as = <T extends RunEvent['type']>(_: T) => happening as Happening<Typed<T>>;
  if (event.type === 'ApprovalRequested') checkQuestion(mirror, as(event.type));
  if (event.type === 'ScheduleTriggered') checkTriggered(mirror, as(event.type));
  if (event.type === 'ApprovalTimedOut') checkTimeout(mirror, as(event.type));
  if (event.type === 'RunResumed') checkResumed(mirror, as(event.type));
  if (event.type === 'ApprovalRecorded') checkVote(mirror, as(event.type));
  if (event.type === 'RunApproved') checkVote(mirror, as(event.type));
  if (event.type === 'ExecutionDispatched') checkDispatch(mirror, as(event.type));
  if (event.type === 'ExecutionStarted') checkStarted(mirror, as(event.type));
  if (event.type === 'ExecutionLost') checkLost(mirror, as(event.type));
  if (event.type !== 'ExecutionStarted') checkReport(mirror, happening);
  if (event.type === 'ExecutionRetried') checkRetry(mirror, as(event.type));
};

/** Remembers who has which rights, whenever that changes. */
const register = ({ world, reading, registers }: Mirror): void => {
  const rows = reading.people();
  const last = registers.at(-1);
  if (last !== undefined && JSON.stringify(last.rows) === JSON.stringify(rows)) return;
  registers.push({ at: world.time.now(), rows });
};

const leasesOf = ({ world, leasedAt }: Mirror, places: readonly Place[]): Map<string, Place> => {
  const leases = places.filter(({ table }) => table === 'job_leases');
  for (const { run_id, fence } of leases) {
    const name = `${run_id} ${fence}`;
    if (!leasedAt.has(name)) leasedAt.set(name, world.time.now());
  }
  return new Map(leases.map((place) => [place.run_id, place]));
};

export const newMirror = (parts: Pick<Mirror, 'world' | 'reading' | 'town' | 'jobs' | 'specOf'>): Mirror => ({
  ...parts,
  runs: new Map(),
  registers: [],
  leasedAt: new Map(),
  storedAt: new Map(),
  orphans: new Map(),
  askedAt: new Map(),
  occurrences: new Map(),
  comers: newComers(),
  done: new Map(),
});
