import { isSelfTest, SELF_TESTED } from '../jobs/self-test.ts';
import { follows, GENESIS } from '../runs/chain.ts';
import { asRunEvent, type EventText, type RunEvent } from '../runs/event.ts';
import type { RunStatus } from '../runs/run.ts';
import type { SealHead } from '../runs/seal.ts';
import type { Instant } from '../time/instant.ts';

export type TracedEvent = EventText & { readonly hash: string };

/** What the row of a run says of its history. */
export interface TracedRow {
  readonly runId: string;
  readonly seq: number;
  readonly hash: string;
  readonly ended: boolean;
}

/** Something that a person did. */
export interface Act {
  readonly who: string;
  readonly at: Instant;
}

/** One run, as far as anybody is measured by it. */
export interface RunTrace {
  readonly runId: string;
  readonly heavy: boolean;
  readonly ended?: RunStatus;
  readonly acts: readonly Act[];
  /** When somebody had to step in who was not asked to. */
  readonly interventions: readonly Instant[];
  readonly decisions: readonly (Act & { readonly sound: boolean })[];
  /** It was the program's own, and says nothing about what people and their jobs do. */
  readonly selfTest?: true;
  readonly starts: number;
  /** Starts that nothing had ordered, or that had been made already. */
  readonly doubled: number;
  /** From each approval to its start by a person. */
  readonly resumes: readonly { readonly at: Instant; readonly ms: number }[];
  /** Why its history is not what was written. */
  readonly broken?: string;
  /** Why nobody can follow it from its request to its end. */
  readonly gap?: string;
}

/** Reads a whole history once, in the order of `seq`; `heads` is what seals say about it. */
export const traceOf = (
  row: TracedRow,
  events: readonly TracedEvent[] = [],
  heads: readonly SealHead[] = [],
): RunTrace => {
  const told = events.map(tell);
  const heavy = told[0]?.type === 'RunCreated' && told[0].payload.heavy;
  const created = told[0]?.type === 'RunCreated' ? told[0].payload : undefined;
  const own = created !== undefined && isSelfTest({ key: created.jobKey, version: created.jobVersion });
  const ended = told.reduce(endAfter, undefined);
  const broken = brokenAt(row, events) ?? notAsSealed(events, heads);
  const gap = gapIn(row, told, ended);
  return {
    runId: row.runId,
    heavy,
    ...(ended === undefined ? {} : { ended }),
    acts: told.flatMap(actOf),
    interventions: told.filter(isIntervention).map(({ at }) => at),
    decisions: told.flatMap((event) => decisionOf(event, own)),
    ...(own ? { selfTest: true } : {}),
    starts: told.filter(({ type }) => type === 'ExecutionStarted').length,
    doubled: doubledIn(told),
    resumes: resumesIn(told),
    ...(broken === undefined ? {} : { broken }),
    ...(gap === undefined ? {} : { gap }),
  };
};

const tell = ({ type, at, actor, payload }: TracedEvent): RunEvent =>
  asRunEvent({ type, at, actor, payload: readable(payload) });

/** What cannot be read says nothing; that it was changed is found by its hash. */
const readable = (payload: string): object => {
  try {
    const read: unknown = JSON.parse(payload);
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
};

const ENDS: Readonly<Partial<Record<RunEvent['type'], RunStatus>>> = {
  ExecutionSucceeded: 'Succeeded',
  ExecutionFailed: 'Failed',
  RunDenied: 'Denied',
  RunCanceled: 'Canceled',
  ApprovalTimedOut: 'Expired',
};

const endAfter = (before: RunStatus | undefined, { type }: RunEvent): RunStatus | undefined =>
  type === 'RunRecovered' ? undefined : (ENDS[type] ?? before);

const personOf = (actor: string): string | undefined =>
  actor.startsWith('user:') ? actor.slice('user:'.length) : undefined;

/** What the record of a person's doing says of who it was. */
export const actOf = ({ actor, at }: { readonly actor: string; readonly at: Instant }): readonly Act[] => {
  const who = personOf(actor);
  return who === undefined ? [] : [{ who, at }];
};

const isIntervention = (event: RunEvent): boolean =>
  event.type === 'RunRecovered' || (event.type === 'RunCanceled' && event.payload.was === 'Running');

/**
 * A policy that approves by itself is a decision of owners, made before; it is not one of these. The program's leave to test
 * itself is leave for nothing else.
 */
const decisionOf = (event: RunEvent, own: boolean): RunTrace['decisions'] => {
  const { type, at, actor } = event;
  if (type !== 'RunApproved' && type !== 'RunDenied' && type !== 'ApprovalRecorded') return [];
  if (type === 'RunApproved' && actor === (own ? SELF_TESTED : 'policy:never')) return [];
  const who = personOf(actor);
  const vote = type === 'RunDenied' ? undefined : event.payload.vote;
  const sound = who !== undefined && (type === 'RunDenied' || vote?.identity === who);
  return [{ who: who ?? actor, at, sound }];
};

/** Every start uses up what ordered it. */
const doubledIn = (events: readonly RunEvent[]): number => {
  const ordered = new Set<string>();
  let doubled = 0;
  for (const event of events) {
    if (event.type === 'ExecutionDispatched' || event.type === 'ExecutionRetried') ordered.add(nameOf(event));
    if (event.type === 'ExecutionStarted' && !ordered.delete(nameOf(event))) doubled += 1;
  }
  return doubled;
};

const nameOf = ({
  payload,
}: {
  readonly payload: { readonly epoch: number; readonly attempt: number };
}): string => `${payload.epoch}:${payload.attempt}`;

const resumesIn = (events: readonly RunEvent[]): RunTrace['resumes'] => {
  const found: { at: Instant; ms: number }[] = [];
  let approvedAt: Instant | undefined;
  for (const { type, at } of events) {
    if (type === 'RunApproved') approvedAt = at;
    if (type === 'ApprovalVoided') approvedAt = undefined;
    if (type !== 'RunResumed' || approvedAt === undefined) continue;
    found.push({ at, ms: at - approvedAt });
    approvedAt = undefined;
  }
  return found;
};

const brokenAt = (row: TracedRow, events: readonly TracedEvent[]): string | undefined => {
  let previous = GENESIS;
  let known: string | undefined;
  for (const [index, event] of events.entries()) {
    const seq = index + 1;
    if (event.seq !== seq) return `event ${seq} is missing`;
    if (!follows(previous, event)) return `event ${seq} was changed`;
    previous = event.hash;
    // Somebody may be working: what is newer than the row is no fault.
    if (seq === row.seq) known = event.hash;
  }
  return known === row.hash ? undefined : `the head does not name event ${row.seq}`;
};

/** Why a stretch of a chain, in the order of `seq`, does not hold together; its first event is taken for what it says. */
export const brokenStretch = (events: readonly TracedEvent[]): string | undefined => {
  for (const [index, event] of events.entries()) {
    const before = index === 0 ? undefined : events[index - 1];
    if (before === undefined) continue;
    if (event.seq !== before.seq + 1) return `event ${before.seq + 1} is missing`;
    if (!follows(before.hash, event)) return `event ${event.seq} was changed`;
  }
  return undefined;
};

const notAsSealed = (events: readonly TracedEvent[], heads: readonly SealHead[]): string | undefined => {
  const other = heads.find(({ seq, hash }) => events[seq - 1]?.hash !== hash);
  return other === undefined ? undefined : `event ${other.seq} is not the one that was sealed`;
};

const gapIn = (
  { ended: isOver }: TracedRow,
  events: readonly RunEvent[],
  ended: RunStatus | undefined,
): string | undefined => {
  if (events[0]?.type !== 'RunCreated') return 'nobody knows who asked for it';
  const first = (type: RunEvent['type']): number => events.findIndex((event) => event.type === type);
  const [approved, started] = [first('RunApproved'), first('ExecutionStarted')];
  if (started >= 0 && (approved < 0 || approved > started)) return 'it was started before any approval';
  if ((ended === 'Succeeded' || ended === 'Failed') && started < 0) return 'it ended and was never started';
  return isOver && ended === undefined ? 'its end is on no record' : undefined;
};
