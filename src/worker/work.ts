import type { Rooms } from '../core/flows/messages/heard.ts';
import {
  type ClaimedRun,
  finishAttempt,
  readClaimed,
  reportOutput,
  reportProgress,
  type Start,
  startAttempt,
} from '../core/flows/runs/attempt.ts';
import { dryRunOf, recordPreview } from '../core/flows/runs/preview.ts';
import type { ExecutionOutcome, ExecutionProgress } from '../core/ports/executor.ts';
import { PREVIEW } from '../core/runs/decide-preview.ts';
import { pauseMs } from '../core/time/backoff.ts';
import { RETRIES } from '../core/time/retries.ts';
import { rest } from '../loops/rest.ts';
import { workingOn } from '../loops/scope.ts';
import { dryRunJob, type Executors, execute } from './execute.ts';
import type { Forecast } from './forecast.ts';
import { end, type Held, isForfeit } from './held.ts';
import { liveOutput } from './live-output.ts';
import { newestReports, type ProgressPace } from './progress.ts';
import type { Slots } from './slots.ts';

export interface WorkOptions {
  readonly rooms: Rooms;
  readonly workerId: string;
  readonly executors: Executors;
  readonly secretOf: (name: string) => string | undefined;
  readonly progress: ProgressPace;
  readonly slots: Slots;
  readonly forecast: Forecast;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** Raised when the worker has to be over, results or not. */
  readonly over: AbortSignal;
}

/**
 * One claim: the last look, a slot, the job, its result. A start is recorded ahead of its turn only where starting again
 * does no harm and the turn is a moment away; everything else takes its slot first. Never rejects; a fault leaves the run to
 * the recovery of its lease.
 */
export const work =
  (options: WorkOptions) =>
  (held: Held): Promise<void> =>
    workingOn({ runId: held.claimed.entry.runId, actor: `worker:${options.workerId}` }, () =>
      workOff(options, held),
    );

const workOff = async (options: WorkOptions, held: Held): Promise<void> => {
  const { rooms, workerId, forecast } = options;
  try {
    const read = await readClaimed(rooms)(held.claimed);
    if (held.claimed.entry.attempt === PREVIEW) return await preview(options, held, read);
    const isHarmless = !read.stored.state.heavy && read.stored.state.effects === 'idempotent';
    const isEarly = isHarmless && forecast.isQuick(held.claimed.entry.jobKey);
    const leave = isEarly ? undefined : await slotFor(options, held);
    if (!isEarly && leave === undefined) return await giveBack(options, held);
    try {
      const seen = hasToBeSeenAgain(read) ? dryRunOf(await runDry(options, held, read)) : undefined;
      if (held.abort.signal.aborted) return await giveBack(options, held);
      const start = await startAttempt(rooms, workerId)(held.claimed, read, seen);
      if (start.kind === 'nothing') return;
      held.onStop = isHarmless ? 'rerun' : 'ask';
      held.stored = start.stored;
      await report(options, held, await runToEnd(options, held, start, leave));
    } finally {
      leave?.();
    }
  } catch (error) {
    // Whether the start was recorded is unknown, so nothing may be started and nothing given back: the lease runs
    // out, and the recovery sees from the run's own state what has to be done.
    rooms.observe({ kind: 'loop_faulted', loop: 'worker-start', error });
  }
};

/** A heavy run starts only while its dry run says what people saw when they approved. */
const hasToBeSeenAgain = ({ stored: { state } }: ClaimedRun): boolean =>
  state.heavy && state.previews === true;

/** The dry run of a question. Whatever cuts it off leaves the question to the next worker. */
const preview = async (options: WorkOptions, held: Held, read: ClaimedRun): Promise<void> => {
  const { rooms, workerId } = options;
  const leave = await slotFor(options, held);
  if (leave === undefined) return giveBack(options, held);
  try {
    const outcome = await runDry(options, held, read);
    if (held.abort.signal.aborted) return await giveBack(options, held);
    enter(held, 'reporting', options.clock);
    await recordPreview(rooms, workerId)(held.claimed, outcome);
  } finally {
    leave();
  }
};

const runDry = (options: WorkOptions, held: Held, { stored, job }: ClaimedRun): Promise<ExecutionOutcome> => {
  held.onStop = 'rerun';
  enter(held, 'executing', options.clock);
  return execute(options, held, { job: dryRunJob(job), params: stored.state.params, attempt: PREVIEW });
};

const slotFor = async ({ slots, clock }: WorkOptions, held: Held): Promise<(() => void) | undefined> => {
  enter(held, 'waiting', clock);
  const leave = await slots.take(held.claimed.entry.priority, held.abort.signal);
  if (leave !== undefined) enter(held, 'starting', clock);
  return leave;
};

const enter = (held: Held, phase: Held['phase'], clock: () => number): void => {
  held.phase = phase;
  held.since = clock();
};

/** Nothing was started under this claim; somebody else may have it, unless the lease is gone anyway. */
const giveBack = async ({ rooms }: WorkOptions, held: Held): Promise<void> => {
  if (isForfeit(held)) return;
  const { entry, fence } = held.claimed;
  await rooms.store.queue.release({ runId: entry.runId, fence, at: await rooms.store.now() });
};

type Started = Extract<Start, { kind: 'start' }>;

const runToEnd = async (
  options: WorkOptions,
  held: Held,
  start: Started,
  own: (() => void) | undefined,
): Promise<ExecutionOutcome> => {
  const { workerId, clock, forecast } = options;
  const { runId, epoch, attempt, jobKey } = held.claimed.entry;
  const { heavy } = start.run;
  const leave = own ?? (await slotFor(options, held));
  enter(held, 'executing', clock);
  const reports = newestReports<ExecutionProgress>(options.progress, clock, (step) =>
    tell(options, held, step),
  );
  const watched = watch(options, held);
  const { job, run } = start;
  const onProgress = (step: ExecutionProgress): void => reports.offer(step);
  const { onLine } = watched;
  const outcome = await execute(options, held, { job, params: run.params, attempt, onProgress, onLine });
  await Promise.all([reports.close(), watched.close()]);
  const tookMs = clock() - held.since;
  enter(held, 'reporting', clock);
  leave?.();
  forecast.note(jobKey, tookMs);
  const ended = outcome.kind === 'succeeded' ? 'succeeded' : outcome.reason;
  const exitCode = outcome.kind === 'failed' ? outcome.exitCode : 0;
  const tells = {
    runId,
    jobKey,
    heavy,
    epoch,
    attempt,
    workerId,
    outcome: ended,
    tookMs: Math.round(tookMs),
  };
  options.rooms.observe({ kind: 'attempt_ended', ...tells, ...(exitCode === undefined ? {} : { exitCode }) });
  return outcome;
};

/** What is written while the attempt runs, a little at a time; all of it comes with the end. */
const watch = ({ rooms, clock }: WorkOptions, held: Held) => {
  const { entry, fence } = held.claimed;
  const { runId, epoch, attempt } = entry;
  const live = liveOutput();
  const reports = newestReports<'more'>(WATCHING, clock, async () => {
    try {
      await reportOutput(rooms)({ runId, fence, epoch, attempt }, live.read());
    } catch (error) {
      rooms.observe({ kind: 'loop_faulted', loop: 'worker-output', error });
    }
  });
  const onLine = (line: string): void => {
    live.add(line);
    reports.offer('more');
  };
  return { onLine, close: () => reports.close() };
};

const WATCHING: ProgressPace = { firstMs: 1000, everyMs: 2000 };

/** Progress is worth one try; the next one replaces it. */
const tell = async (options: WorkOptions, held: Held, progress: ExecutionProgress): Promise<void> => {
  const { rooms, workerId } = options;
  const { entry, fence } = held.claimed;
  try {
    const told = await reportProgress(rooms, workerId)({ runId: entry.runId, fence }, progress);
    // What the result will continue is no longer what we know.
    delete held.stored;
    if (told === 'told' || held.phase !== 'executing') return;
    const run = (await rooms.store.runs.find([entry.runId])).get(entry.runId);
    end(held, run?.state.status === 'Canceled' ? 'canceled' : 'lease_lost');
  } catch (error) {
    rooms.observe({ kind: 'loop_faulted', loop: 'worker-progress', error });
  }
};

/**
 * A result is never dropped in silence: it is offered until the database has answered. While it waits its lease is kept
 * like that of a running job, so an outage of minutes costs nothing but time.
 */
const report = async (options: WorkOptions, held: Held, outcome: ExecutionOutcome): Promise<void> => {
  // The run ended with the cancel; there is nothing left to say.
  if (outcome.kind === 'failed' && outcome.reason === 'canceled') return;
  const { rooms, workerId, clock, over } = options;
  const { entry, fence } = held.claimed;
  const { runId, epoch, attempt } = entry;
  // Longer than any failover; a report that fails for another reason must not hold its slot for ever.
  const until = clock() + RETRIES.report.budgetMs;
  for (let tries = 1; ; tries += 1) {
    try {
      const seen = held.stored === undefined ? {} : { seen: held.stored };
      await finishAttempt(rooms, workerId)({ runId, fence, epoch, attempt, ...seen }, reportable(outcome));
      return;
    } catch (error) {
      rooms.observe({ kind: 'loop_faulted', loop: 'worker-report', error });
    }
    if (over.aborted || clock() >= until) break;
    await rest(pauseMs(RETRIES.report, tries), over);
  }
  rooms.observe({ kind: 'report_refused', runId, workerId, why: 'the database did not take it' });
};

/**
 * A job that we ended because no beat came through may still hold its lease. Then it was interrupted, and the rules for
 * that decide between starting again and asking; where the lease is really gone the report is refused anyway.
 */
const reportable = (outcome: ExecutionOutcome): ExecutionOutcome =>
  outcome.kind === 'failed' && outcome.reason === 'lease_lost'
    ? { ...outcome, reason: 'interrupted' }
    : outcome;
