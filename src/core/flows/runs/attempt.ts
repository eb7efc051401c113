import type { JobVersion } from '../../jobs/job.ts';
import type { CapturedOutput, ExecutionOutcome, ExecutionProgress } from '../../ports/executor.ts';
import type { Claimed, StoredRun } from '../../ports/store.ts';
import type { AttemptResult, DryRun } from '../../runs/command.ts';
import { specHash } from '../../runs/digest.ts';
import type { LiveRun, RunState } from '../../runs/run.ts';
import { outputLines } from '../../text/cards/output-lines.ts';
import type { Rooms } from '../messages/heard.ts';
import { retryLeave } from '../ops/feature-gates.ts';
import { filesOf } from './files-of.ts';
import { jobOf } from './job-of.ts';
import { isAccepted } from './never.ts';

/** What a worker may now do with an entry it claimed. */
export type Start =
  | {
      readonly kind: 'start';
      readonly run: LiveRun & { readonly status: 'Running' };
      /** The same, as it is stored: what the next report continues. */
      readonly stored: StoredRun;
      readonly job: JobVersion;
    }
  /** The run was ended, asks again, or belongs to somebody else; there is nothing to run. */
  | { readonly kind: 'nothing'; readonly why: string };

/** What a claimed entry stands for. */
export interface ClaimedRun {
  readonly stored: StoredRun;
  readonly job: JobVersion;
}

export const readClaimed =
  (rooms: Pick<Rooms, 'store'>) =>
  async ({ entry: { runId } }: Claimed): Promise<ClaimedRun> => {
    const stored = (await rooms.store.runs.find([runId])).get(runId);
    const job = stored === undefined ? undefined : await jobOf(rooms, stored.state);
    if (stored === undefined || job === undefined) {
      throw new Error(`run ${runId}: its job version is not in the catalog`);
    }
    return { stored, job };
  };

/**
 * The last look before a process starts: does the run still wait for exactly this attempt, is what was approved what would
 * run now, may its voters still vote? The answer is recorded before anything starts, so a start without a record cannot be.
 */
export const startAttempt =
  (rooms: Rooms, workerId: string) =>
  async (claimed: Claimed, read?: ClaimedRun, preview?: DryRun): Promise<Start> => {
    const { runId, attempt } = claimed.entry;
    const { stored: seen, job } = read ?? (await readClaimed(rooms)(claimed));
    const files = await filesOf(rooms.ambient, job.spec);
    const at = await rooms.store.now();
    const executed = await rooms.orchestrator.execute({
      runId,
      seen,
      lease: { runId, fence: claimed.fence, after: 'keep' },
      command: async (state) => ({
        type: 'start',
        by: { kind: 'worker', id: workerId },
        workerId,
        epoch: claimed.entry.epoch,
        attempt,
        fence: claimed.fence,
        specHash: specHash(job),
        files,
        ...(preview === undefined ? {} : { preview }),
        ...((await hasLapsed(rooms, state, { job, files, at })) ? { lapsed: true } : {}),
        entitled: state.status === 'absent' || state.byPolicy ? [] : await rooms.directory.entitled(state),
        at,
      }),
    });
    if (executed.outcome !== 'committed') return { kind: 'nothing', why: executed.outcome };
    const { decision, before, after, stored } = executed;
    if (decision.ok && after.status === 'Running' && stored !== undefined) {
      const { jobKey, heavy } = after;
      const { waitedMs } = claimed;
      const figures = startFigures(before, after);
      rooms.observe({
        kind: 'attempt_started',
        runId,
        jobKey,
        heavy,
        attempt,
        workerId,
        waitedMs,
        ...figures,
      });
      return { kind: 'start', run: after, stored, job };
    }
    // Refused: the run moved on while the entry waited. The entry is spent; the run's own state is the truth.
    if (!decision.ok && decision.refusal.why === 'frozen') {
      await rooms.store.queue.release({ runId, fence: claimed.fence, at });
      return { kind: 'nothing', why: 'frozen' };
    }
    const ours = after.status === 'Running' && after.fence === claimed.fence;
    if (!decision.ok && !ours) await dropEntry(rooms, claimed, at);
    return { kind: 'nothing', why: decision.ok ? after.status : decision.refusal.why };
  };

/** Measured against the run as it stood before: what the history holds is true in every process. */
const startFigures = (
  before: RunState,
  { startedAt, epoch, attempt }: Extract<RunState, { status: 'Running' }>,
): { readonly sinceLeaveMs?: number; readonly again?: true } => {
  if (before.status !== 'Dispatching') return {};
  const { startBy, since, lastStart } = before;
  const again = lastStart !== undefined && lastStart.epoch === epoch && lastStart.attempt >= attempt;
  return {
    ...(startBy === undefined ? {} : { sinceLeaveMs: Math.max(0, startedAt - since) }),
    ...(again ? { again } : {}),
  };
};

/** Whether a run that nobody was asked about has lost the owners' word behind it. */
const hasLapsed = async (
  rooms: Rooms,
  state: RunState,
  wanted: Parameters<typeof isAccepted>[1],
): Promise<boolean> => state.status !== 'absent' && state.byPolicy && !(await isAccepted(rooms, wanted));

/** Removes an entry that no run waits for, under its own lease. */
export const dropEntry = async (rooms: Rooms, { entry, fence }: Claimed, at: number): Promise<void> => {
  const lease = { runId: entry.runId, fence, after: 'release' } as const;
  await rooms.store.runs.commit([{ lease, queue: [], outbox: [], at }]);
};

/** Progress for the card. A stale worker is told so, and has to stop. */
export const reportProgress =
  (rooms: Rooms, workerId: string) =>
  async (
    claim: { readonly runId: string; readonly fence: number },
    progress: ExecutionProgress,
  ): Promise<'told' | 'stale'> => {
    const at = await rooms.store.now();
    const { percent, text } = progress;
    const executed = await rooms.orchestrator.execute({
      runId: claim.runId,
      lease: { ...claim, after: 'keep' },
      command: () => ({
        type: 'progress',
        by: { kind: 'worker', id: workerId },
        fence: claim.fence,
        ...(percent === undefined ? {} : { percent: Math.round(percent) }),
        text: text.slice(0, 200),
        at,
      }),
    });
    return executed.outcome === 'committed' && executed.decision.ok ? 'told' : 'stale';
  };

/** What an attempt has written so far, for whoever watches. It counts while the lease is held; the end says all of it. */
export const reportOutput =
  ({ store }: Pick<Rooms, 'store'>) =>
  async (
    claim: {
      readonly runId: string;
      readonly fence: number;
      readonly epoch: number;
      readonly attempt: number;
    },
    { text, written }: { readonly text: string; readonly written: number },
  ): Promise<void> => {
    const { runId, fence, epoch, attempt } = claim;
    const output = { runId, epoch, attempt, head: text, tail: '', bytes: written };
    const lease = { runId, fence, after: 'keep' } as const;
    await store.runs.commit([{ lease, output, queue: [], outbox: [], at: await store.now() }]);
  };

/** The end of an attempt: one result per lease; a report that comes too late changes nothing and is kept as a note. */
export const finishAttempt =
  (rooms: Rooms, workerId: string) =>
  async (
    claim: {
      readonly runId: string;
      readonly fence: number;
      readonly epoch: number;
      readonly attempt: number;
      /** The run as the start or the newest progress left it. */
      readonly seen?: StoredRun;
    },
    outcome: ExecutionOutcome,
  ): Promise<'recorded' | 'refused'> => {
    const { runId, fence, epoch, attempt, seen } = claim;
    const at = await rooms.store.now();
    const chance = rooms.ambient.chance();
    const { head, tail, bytes } = outcome.output;
    const executed = await rooms.orchestrator.execute({
      runId,
      ...(seen === undefined ? {} : { seen }),
      lease: { runId, fence, after: 'release' },
      output: { runId, epoch, attempt, head, tail, bytes },
      tail: lastLines(outcome.output),
      command: async (state) => ({
        type: 'finish',
        by: { kind: 'worker', id: workerId },
        fence,
        result: resultOf(outcome),
        chance,
        // A success needs no leave, and successes are what there is most of.
        ...(outcome.kind === 'failed' ? { retry: await retryLeave(rooms, state) } : {}),
        at,
      }),
    });
    if (executed.outcome === 'committed' && executed.decision.ok) return 'recorded';
    const why = executed.outcome === 'committed' ? 'superseded' : executed.outcome;
    rooms.observe({ kind: 'report_refused', runId, workerId, why });
    return 'refused';
  };

const resultOf = (outcome: ExecutionOutcome): AttemptResult => {
  const { bytes, sha256 } = outcome.output;
  const output = { bytes, sha256 };
  if (outcome.kind === 'succeeded') return { ok: true, summary: outcome.summary, output };
  const { reason, summary, exitCode, signal } = outcome;
  return {
    ok: false,
    reason,
    summary,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    output,
  };
};

const lastLines = ({ head, tail }: CapturedOutput): readonly string[] =>
  outputLines(tail === '' ? head : tail).slice(-10);
