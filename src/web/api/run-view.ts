import { board } from '../../core/runs/board.ts';
import type { StoredEvent } from '../../core/runs/event.ts';
import { requesterId } from '../../core/runs/requester.ts';
import type { LiveRun, Requester } from '../../core/runs/run.ts';
import { since } from '../../core/text/cards/say.ts';
import { type Instant, isoOf } from '../../core/time/instant.ts';

/** A run as the wire shows it. What a state does not have is null, so that every run has the same fields. */
export const runView = (run: LiveRun) => {
  const { runId, jobKey, jobVersion, title, status, params, defaulted, heavy, digest, epoch } = run;
  return {
    runId,
    jobKey,
    jobVersion,
    title,
    status,
    board: board(status),
    createdAt: isoOf(run.createdAt),
    updatedAt: isoOf(updatedAt(run)),
    ...requestedBy(run.requester),
    channelId: run.origin.channel,
    conversationId: run.origin.address,
    params,
    defaulted,
    willRun: run.willRun,
    heavy,
    epoch,
    digest,
    attempt: 'attempt' in run ? run.attempt : (run.lastStart?.attempt ?? null),
    workerId: run.lastStart?.workerId ?? null,
    decideBy: run.status === 'AwaitingApproval' ? isoOf(run.decideBy) : null,
    startBy: 'startBy' in run && run.startBy !== undefined ? isoOf(run.startBy) : null,
    summary: 'summary' in run ? run.summary : null,
    lastError: run.lastError ?? null,
    quorum: run.approval.quorum,
    votes: run.votes.map((vote) => ({ ...vote, at: isoOf(vote.at) })),
  };
};

const requestedBy = (requester: Requester) =>
  requester.kind === 'person'
    ? { requestedByAddress: requester.identity, requestedBy: requester.name }
    : {
        requestedByAddress: requesterId(requester),
        requestedBy: requester.kind === 'schedule' ? requester.key : requester.part,
      };

export const eventView = ({ chain, seq, type, at, actor, payload, hash }: StoredEvent) => ({
  runId: chain,
  seq,
  type,
  at: isoOf(at),
  actor,
  payload,
  hash,
});

/** When the run changed last, as far as its state tells: votes and progress leave the state as it is. */
const updatedAt = (run: LiveRun): Instant => {
  if (run.status === 'AwaitingApproval') return Math.max(since(run), ...run.votes.map((vote) => vote.at));
  return run.status === 'Running' ? (run.progress?.at ?? since(run)) : since(run);
};
