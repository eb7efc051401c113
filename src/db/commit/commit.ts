import type { Commit, CommitOutcome } from '../../core/ports/commit.ts';
import type { Wake } from '../../core/ports/store.ts';
import type { Engine } from '../engine.ts';
import { first, type Steps } from '../steps.ts';
import { apply } from './apply.ts';
import { grouped } from './group.ts';
import { judge, type Verdict } from './judge.ts';
import { lookUp } from './look-up.ts';
import type { After } from './persist.ts';
import { noteDispatches, noteRepeats } from './repeats.ts';
import { changesHouse, wakesOf } from './upkeep.ts';

/** Enough to share the price of a transaction, few enough that nobody waits long for the others. */
const batchMax = 200;

/** `onUpkeep` is told after a commit that changed more than runs and messages. */
export const commitTo = (engine: Engine, onUpkeep: () => void) =>
  grouped<Commit, CommitOutcome>(async (commits) => {
    if (commits.length === 0) return [];
    const { outcomes, wakes } = await engine.write((after) => transaction(commits, after));
    if (changesHouse(commits)) onUpkeep();
    if (wakes.length > 0) engine.wake(wakes);
    return outcomes;
  }, batchMax);

interface Result {
  readonly outcomes: readonly CommitOutcome[];
  readonly wakes: readonly Wake[];
}

function* transaction(commits: readonly Commit[], after: After): Steps<Result> {
  const found = yield* lookUp(commits);
  const verdict = judge(commits, found);
  yield* apply(verdict);
  // After an answer that was lost, what looks like a duplicate may be our own work.
  if (after === 'clean') yield* noteDispatches(verdict.repeated);
  yield* noteSeen(commits, verdict.outcomes);
  const outcomes = after === 'clean' ? verdict.outcomes : yield* recognised(commits, verdict.outcomes);
  const wakes = wakesAfter(verdict);
  return { outcomes, wakes };
}

/** Who may have something to do now. */
const wakesAfter = ({ accepted, drafts, added, removed }: Verdict): readonly Wake[] => {
  // The end of a run makes room for the next one only where its job has a limit.
  const makesRoom = accepted.some(
    ({ lease, run }) => lease?.after === 'release' && run?.state.concurrency !== undefined,
  );
  return [
    ...(drafts.some(({ draft }) => draft.delivered !== true) ? (['outbox'] as const) : []),
    ...wakesOf(accepted),
    ...(added.length > 0 || removed.length > 0 || makesRoom ? (['queue'] as const) : []),
    // It may have a process that has to be killed.
    ...(removed.length > 0 ? (['leases'] as const) : []),
  ];
};

/** A message of a synchronous door that came again; what the inbox holds already was noted when it came. */
function* noteSeen(commits: readonly Commit[], outcomes: readonly CommitOutcome[]): Steps<void> {
  const seen = commits.flatMap(({ once, at }, index) =>
    once?.kind === 'first' && outcomes[index] === 'seen_before' ? [{ once, at }] : [],
  );
  yield* noteRepeats(
    seen.map(({ once }) => once),
    Math.max(...seen.map(({ at }) => at)),
  );
}

/**
 * An earlier try may have been committed before its answer was lost. Then this one found its own work in the way: the
 * hash of its first event tells it from everybody else's.
 */
function* recognised(
  commits: readonly Commit[],
  outcomes: readonly CommitOutcome[],
): Steps<readonly CommitOutcome[]> {
  const sure: CommitOutcome[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const commit = commits[index];
    const own = outcome !== 'committed' && commit !== undefined && (yield* isWritten(commit));
    sure.push(own ? 'committed' : outcome);
  }
  return sure;
}

function* isWritten(commit: Commit): Steps<boolean> {
  const event = commit.run?.events[0] ?? commit.records?.events[0];
  if (event !== undefined) {
    const stored = yield* first<{ hash: string }>(
      'select hash from events where chain = $1 and seq = $2',
      event.chain,
      event.seq,
    );
    return stored?.hash === event.hash;
  }
  // Without an event it only answers its message, and the message is answered.
  return commit.once !== undefined;
}
