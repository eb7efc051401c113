import { maySteer } from '../people/may.ts';
import { type Actor, actorName, type Person } from '../people/person.ts';
import type { Instant } from '../time/instant.ts';
import { digestOf } from './digest.ts';
import type { Payloads, RunEvent } from './event.ts';
import type { AskReason, Facts, LiveRun } from './run.ts';

/** One event of a command, signed by whoever gave it. */
export const event = <T extends RunEvent['type']>(
  type: T,
  command: { readonly by: Actor; readonly at: Instant },
  payload: Payloads[T],
): Extract<RunEvent, { type: T }> =>
  // The compiler does not see that a generic member of a mapped union is a member of that union.
  ({ type, at: command.at, actor: actorName(command.by), payload }) as unknown as Extract<
    RunEvent,
    { type: T }
  >;

/** Asks people for `epoch`; the digest names exactly what they will be asked about. */
export const ask = (
  facts: Facts,
  at: Instant,
  because: AskReason,
  epoch: number,
  files: Facts['files'] = facts.files,
  addresses: readonly string[] = [],
): RunEvent =>
  event('ApprovalRequested', signed(at), {
    Policy: 'DefaultRequireApproval',
    epoch,
    digest: digestOf({ ...facts, files }, epoch),
    quorum: facts.approval.quorum,
    decideBy: at + facts.approval.decideByMs,
    because,
    ...noticesOf(facts, at),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(files === facts.files ? {} : { files }),
  });

/** A notice that would come with the end, or behind it, is none. */
const noticesOf = (
  { approval: { decideByMs, remindMs, escalate } }: Facts,
  at: Instant,
): Pick<Payloads['ApprovalRequested'], 'remindAt' | 'escalate'> => ({
  ...(remindMs === undefined || remindMs >= decideByMs ? {} : { remindAt: at + decideByMs - remindMs }),
  ...(escalate === undefined || escalate.afterMs >= decideByMs
    ? {}
    : { escalate: { at: at + escalate.afterMs, to: escalate.to } }),
});

export const dispatch = (facts: Facts, at: Instant, attempt: number): RunEvent =>
  event('ExecutionDispatched', signed(at), { epoch: facts.epoch, attempt, notBefore: at });

/** Silence past a deadline means no. */
export const timedOut = (state: Clocked, at: Instant): RunEvent =>
  state.status === 'AwaitingApproval'
    ? event('ApprovalTimedOut', signed(at), { clock: 'decide-by', since: state.askedAt })
    : event('ApprovalTimedOut', signed(at), { clock: 'start-by', since: state.approvedAt });

/** The states in which one of the two clocks ticks. */
export type Clocked = LiveRun & { readonly status: 'AwaitingApproval' | 'Approved' | 'Dispatching' };

/** What was approved is not what would run, or not by those who may: the votes fall and people are asked again. */
export const voided = (
  facts: Facts,
  at: Instant,
  reason: Payloads['ApprovalVoided']['reason'],
  files: Facts['files'],
): readonly RunEvent[] => [
  event('ApprovalVoided', signed(at), { epoch: facts.epoch, reason, approved: facts.digest }),
  ask(facts, at, 'voided', facts.epoch + 1, files),
];

/** Whether this person may end, start or revive the run. */
export const steers = (person: Person, facts: Facts): boolean =>
  maySteer(person, facts, facts.requester.kind === 'person' ? facts.requester.personId : undefined);

/** Consequences that nobody chose are the system's. */
const signed = (at: Instant): { by: Actor; at: Instant } => ({ by: { kind: 'system' }, at });
