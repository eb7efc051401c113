import type { Commit, CommitOutcome } from '../core/ports/commit.ts';
import type {
  IDatabaseExecutionQueue,
  Lease,
  LoadFigures,
  OpsFigures,
  Owed,
  Store,
  StoredRun,
  Wake,
} from '../core/ports/store.ts';
import { isPreviewPending, PREVIEW } from '../core/runs/decide-preview.ts';
import { fenceOf, UNLIMITED } from '../core/runs/queue-entry.ts';
import type { LiveRun } from '../core/runs/run.ts';
import type { Instant } from '../core/time/instant.ts';
import { type MemoryEntries, memoryEntries } from './memory-entries.ts';

export interface MemoryQueueStore extends Store {
  /** Fills the queue from the runs that the last process left behind. Once, before anything is claimed. */
  rebuild(): Promise<void>;
}

/** The store with its queue in memory, for development: the database sees runs and messages, never an entry or lease. */
export const withMemoryQueue = (store: Store): MemoryQueueStore => {
  const entries = memoryEntries();
  const listeners = new Set<(what: Wake) => void>();
  const wake = (what: Wake): void => {
    for (const listener of listeners) listener(what);
  };
  return {
    ...store,
    runs: { ...store.runs, commit: inTurn(commitThrough(store, entries, wake)) },
    queue: queueOf(store, entries, wake),
    reader: {
      ...store.reader,
      figures: async (at) => ({ ...(await store.reader.figures(at)), ...figuresOf(entries, at) }),
      loads: async (at) => ({
        ...(await store.reader.loads(at)),
        ...figuresOf(entries, at),
        busy: busyOf(entries),
      }),
    },
    owed: async () => new Set([...(await store.owed()), ...owedBy(entries, await store.now())]),
    onWake: (listener) => {
      const forget = store.onWake(listener);
      listeners.add(listener);
      return () => {
        forget();
        listeners.delete(listener);
      };
    },
    rebuild: async () => {
      const at = await store.now();
      const left = await runsIn(store, ['AwaitingApproval', 'Dispatching', 'Running']);
      for (const { state } of left.toSorted(byArrival)) inherit(entries, state, at);
      if (left.length > 0) wake('queue');
    },
  };
};

const queueOf = (
  store: Store,
  entries: MemoryEntries,
  wake: (what: Wake) => void,
): IDatabaseExecutionQueue => ({
  claim: async (claim) => {
    const [{ open }, pauses, freeze] = await Promise.all([
      store.gates.find('queue.job_substrate.enabled'),
      store.pauses.list(),
      store.freeze.current(),
    ]);
    const held = new Set(pauses.map(({ what }) => what));
    return open && freeze === undefined && !held.has('queue') ? entries.claim(claim, held) : [];
  },
  beat: async (beat) => ({ lost: entries.beat(beat) }),
  release: async (claim) => {
    const released = entries.giveBack(claim);
    if (released) wake('queue');
    return released;
  },
  holders: async () => [...new Set(entries.leases().map(({ workerId }) => workerId))],
  forsake: async (workerId, at) => entries.forsake(workerId, at),
  expired: async (at, limit, but = []) =>
    expired(entries, at)
      .filter(({ entry }) => !but.includes(entry.runId))
      .slice(0, limit),
});

const owedBy = (entries: MemoryEntries, at: Instant): readonly Owed[] => [
  ...(entries.waiting().some(({ notBefore }) => notBefore <= at) ? (['queue'] as const) : []),
  ...(entries.leases().length > 0 ? (['leases'] as const) : []),
];

const expired = (entries: MemoryEntries, at: Instant): readonly Lease[] =>
  entries
    .leases()
    .filter(({ leaseUntil }) => leaseUntil < at)
    .toSorted((a, b) => a.leaseUntil - b.leaseUntil);

type Answer = PromiseSettledResult<CommitOutcome>;
type AnswerAll = (commits: readonly Commit[]) => Promise<readonly Answer[]>;

/**
 * The lease is judged before the database and the queue follows after it. Between the two nothing else may happen, hence
 * one group of commits at a time; whoever comes meanwhile shares the next one.
 */
const inTurn = (answerAll: AnswerAll): Store['runs']['commit'] => {
  interface Group {
    readonly commits: Commit[];
    readonly answers: Promise<readonly Answer[]>;
  }
  let next: Group | undefined;
  let before: Promise<unknown> = Promise.resolve();
  const open = (): Group => {
    const commits: Commit[] = [];
    const answers = before.then(() => {
      next = undefined;
      return answerAll(commits);
    });
    before = answers;
    return { commits, answers };
  };
  return async (commits) => {
    next ??= open();
    const { commits: shared, answers } = next;
    const from = shared.push(...commits) - commits.length;
    return (await answers).slice(from, from + commits.length).map(outcomeOf);
  };
};

const outcomeOf = (answer: Answer): CommitOutcome => {
  if (answer.status === 'rejected') throw answer.reason;
  return answer.value;
};

const commitThrough =
  (store: Store, entries: MemoryEntries, wake: (what: Wake) => void): AnswerAll =>
  async (commits) => {
    // One call each, so that one fault is one caller's; the store makes one transaction of them anyway.
    const answers = await Promise.allSettled(
      commits.map(async (commit): Promise<CommitOutcome> => {
        if (commit.lease !== undefined && !entries.isHeld(commit.lease)) return 'stale_lease';
        const [outcome] = await store.runs.commit([withoutQueue(commit)]);
        if (outcome === undefined) throw new Error('the database did not answer a commit');
        return outcome;
      }),
    );
    const committed = commits.filter((_, index) => {
      const answer = answers[index];
      return answer?.status === 'fulfilled' && answer.value === 'committed';
    });
    const touched = committed.filter((commit) => follow(entries, commit));
    if (touched.length > 0) wake('queue');
    // It may have a process that has to be killed.
    if (touched.some(({ queue }) => queue.some(({ op }) => op === 'remove'))) wake('leases');
    return answers;
  };

const withoutQueue = ({ lease: _, ...commit }: Commit): Commit => ({ ...commit, queue: [] });

/** Whether the queue changed. The lease goes first: the same commit may queue the run again. */
const follow = (entries: MemoryEntries, { lease, queue }: Commit): boolean => {
  if (lease?.after === 'release') entries.endLease(lease.runId);
  for (const change of queue) entries.change(change);
  return lease?.after === 'release' || queue.length > 0;
};

const figuresOf = (entries: MemoryEntries, at: Instant): Partial<OpsFigures> => {
  const ready = entries.waiting().filter(({ notBefore }) => notBefore <= at);
  const oldest = Math.min(...ready.map(({ notBefore }) => notBefore));
  return {
    ready: ready.length,
    ...(ready.length === 0 ? {} : { oldestReadyMs: at - oldest }),
    later: entries.waiting().length - ready.length,
    running: entries.leases().length,
    stale: expired(entries, at).map(({ entry, workerId, beatAt }) => ({
      runId: entry.runId,
      jobKey: entry.jobKey,
      workerId,
      sinceMs: at - beatAt,
    })),
  };
};

const busyOf = (entries: MemoryEntries): LoadFigures['busy'] =>
  [...Map.groupBy(entries.leases(), ({ workerId }) => workerId)].map(([workerId, leases]) => ({
    workerId,
    count: leases.length,
  }));

const runsIn = async (store: Store, status: readonly LiveRun['status'][]): Promise<readonly StoredRun[]> => {
  const found: StoredRun[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.runs.list({ status, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.runs);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
};

const byArrival = ({ state: a }: StoredRun, { state: b }: StoredRun): number => arrivalOf(a) - arrivalOf(b);

const arrivalOf = (run: LiveRun): Instant => (run.status === 'Dispatching' ? run.since : run.createdAt);

/**
 * What waited waits again. What ran had its worker in the process that is gone: its lease has run out already, so the
 * recovery starts it again or asks, as for any lost worker.
 */
const inherit = (entries: MemoryEntries, run: LiveRun, at: Instant): void => {
  const isAsked = run.status === 'AwaitingApproval';
  if (isAsked && !isPreviewPending(run)) return;
  if (!isAsked && run.status !== 'Dispatching' && run.status !== 'Running') return;
  const { runId, epoch, jobKey, priority, concurrency = UNLIMITED } = run;
  const attempt = isAsked ? PREVIEW : run.attempt;
  const entry = { runId, epoch, attempt, jobKey, priority, concurrency, fence: fenceOf(run) };
  if (isAsked) {
    entries.add({ ...entry, notBefore: run.askedAt });
    return;
  }
  if (run.status === 'Dispatching') {
    entries.add({ ...entry, notBefore: run.notBefore });
    return;
  }
  const beatAt = run.progress?.at ?? run.startedAt;
  entries.inherit({
    entry: { ...entry, notBefore: run.startedAt },
    workerId: run.workerId,
    fence: run.fence,
    leaseUntil: Math.min(beatAt, at - 1),
    beatAt,
  });
};
