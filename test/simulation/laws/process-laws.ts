import { isDeepStrictEqual } from 'node:util';
import type { Start } from '../world/jobs.ts';
import type { Mirror } from './mirror.ts';

/** S11, S2, S15: what the operating system sees when a process starts. */
export const checkProcess = (mirror: Mirror, start: Start): void => {
  const { world, runs, specOf, jobs } = mirror;
  const { runId, epoch, attempt, program, request } = start;
  const run = runs.get(runId);
  const record = run?.events.findLast(
    (event) =>
      event.type === 'ExecutionStarted' && event.payload.epoch === epoch && event.payload.attempt === attempt,
  );
  if (run === undefined || record?.type !== 'ExecutionStarted' || record.payload.WorkerId !== program.name) {
    return world.breaks('S11', `a process of ${runId} starts and no record says so`);
  }
  const same = jobs.starts.filter((one) => one.runId === runId && one.epoch === epoch);
  if (same.filter((one) => one.attempt === attempt).length > 1)
    world.breaks('S11', `attempt ${attempt} of ${runId} starts two processes`);
  if (same.length > 1 && (run.spec.heavy || run.spec.effects !== 'idempotent'))
    world.breaks('S11', `${runId} starts two processes in epoch ${epoch}`);
  const [first] = run.events;
  if (first?.type !== 'RunCreated') return;
  const { jobKey, jobVersion, params } = first.payload;
  if (!isDeepStrictEqual(request.params, params)) world.breaks('S2', `${runId} runs with other parameters`);
  const spec = specOf(jobKey, jobVersion);
  if (!isDeepStrictEqual(request.job.spec, spec)) world.breaks('S2', `${runId} runs another definition`);
  const canceled = run.events.findLast(({ type }) => type === 'RunCanceled');
  const isOver = canceled !== undefined && run.events.indexOf(canceled) > run.events.indexOf(record);
  if (isOver) {
    world.counts('start crossed a cancel');
    if (
      world.clock() - canceled.at > world.weather.leaseMs &&
      program.troubledAt < world.time.now() - world.weather.leaseMs
    ) {
      world.breaks('S15', `${runId} starts long after it was canceled`);
    }
  }
};

/** S12, S15: a process whose run is over, or somebody else's, is ended; its worker hears of it with one of its beats. */
export const checkProcesses = ({ world, runs, jobs, orphans }: Mirror): void => {
  const { leaseMs } = world.weather;
  const now = world.time.now();
  for (const start of jobs.running()) {
    const { runId, epoch, attempt, program } = start;
    const state = runs.get(runId)?.state;
    const isOurs = state?.status === 'Running' && state.epoch === epoch && state.attempt === attempt;
    if (isOurs) continue;
    const orphanedAt = orphans.get(start) ?? now;
    orphans.set(start, orphanedAt);
    // Whoever stands still can end nothing; once it goes on it has its time.
    if (program.state === 'frozen') continue;
    const since = Math.max(orphanedAt, program.troubledAt);
    if (now - since > leaseMs + GRACE_MS)
      world.breaks('S15', `a process of ${runId} still runs, and the run is ${state?.status}`);
  }
};

/** TERM, and KILL for those who do not hear. */
const GRACE_MS = 5000;
