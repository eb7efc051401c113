import { mayDecide } from '../people/may.ts';
import { hasAsked, tally } from './approvals.ts';
import type { RunCommand } from './command.ts';
import { isPreviewPending } from './decide-preview.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { dispatch, event, timedOut } from './record.ts';
import type { LiveRun, Vote } from './run.ts';

type Approve = Extract<RunCommand, { type: 'approve' }>;

/**
 * One vote. It records a decision and starts nothing by itself; only for a light job does the deciding vote carry the
 * dispatch with it (PRODUCT 4).
 */
export const decideApprove = (state: LiveRun, command: Approve): Decision => {
  const { by, at } = command;
  if (by.kind !== 'person') return refuse({ why: 'only_people_decide' });
  // It was no answer to this question at all, whoever wrote it.
  if (state.status === 'AwaitingApproval' && wroteBefore(command, state.askedAt)) {
    return refuse({ why: 'wrote_before' });
  }
  const asked = hasAsked(state, by.person);
  // Whoever asked hears just that, whether or not they could approve somebody else's.
  if (asked && !state.selfApproval && isOpen(state, at)) return refuse({ why: 'requester_cannot_approve' });
  if (!mayDecide(by.person, state)) return refuse({ why: 'may_not_decide' });
  if (state.status !== 'AwaitingApproval') return refuse({ why: 'already_decided', status: state.status });
  // A late answer closes the run: silence past the deadline already meant no.
  if (at > state.decideBy) return accept(timedOut(state, at));
  if (isPreviewPending(state)) return refuse({ why: 'preview_pending' });
  if (state.heavy && by.identity.startsWith('sms:')) return refuse({ why: 'heavy_not_by_sms' });
  const earlier = state.votes.find((vote) => vote.personId === by.person.id);
  if (earlier !== undefined) return refuse({ why: 'already_voted', votedAt: earlier.at });
  return accept(...voteEvents(state, command, voteOf(by, at)));
};

const isOpen = (state: LiveRun, at: number): boolean =>
  state.status === 'AwaitingApproval' && at <= state.decideBy;

/** Telegram counts whole seconds, so a message of the same second may be newer than it says. */
const wroteBefore = ({ wroteAt }: Approve, askedAt: number): boolean =>
  wroteAt !== undefined && wroteAt + 999 < askedAt;

const voteOf = (by: Extract<Approve['by'], { kind: 'person' }>, at: number): Vote => ({
  personId: by.person.id,
  name: by.person.name,
  identity: by.identity,
  roles: by.person.roles,
  at,
});

const voteEvents = (state: LiveRun & { status: 'AwaitingApproval' }, command: Approve, vote: Vote) => {
  if (!tally(state.approval, [...state.votes, vote]).satisfied) {
    return [event('ApprovalRecorded', command, { vote, epoch: state.epoch })];
  }
  const approved = event('RunApproved', command, {
    epoch: state.epoch,
    digest: state.digest,
    vote,
    startBy: command.at + state.approval.startByMs,
  });
  return state.heavy ? [approved] : [approved, dispatch(state, command.at, 1)];
};
