import type { Happening, Mirror, Typed } from './mirror.ts';

/** S9, S10: only who holds the lease reports. */
export const checkReport = ({ world, jobs }: Mirror, { event, run, before, lease }: Happening): void => {
  if (!event.actor.startsWith('worker:')) return;
  const worker = event.actor.slice('worker:'.length);
  const { runId } = run;
  if (event.type === 'PreviewRecorded') {
    const { fence, epoch } = event.payload;
    if (before.status !== 'AwaitingApproval' || before.epoch !== epoch || fence <= before.fence)
      world.breaks('S10', `${runId} is previewed for epoch ${epoch} while ${before.status}`);
    if (lease?.worker_id !== worker || lease.fence !== fence || lease.attempt !== 0)
      world.breaks('S9', `${worker} previews ${runId}, and the lease is held by ${lease?.worker_id}`);
    return;
  }
  if (before.status !== 'Running')
    return world.breaks('S10', `${runId} is reported on while ${before.status}`);
  if (lease?.worker_id !== worker || lease.fence !== before.fence) {
    world.breaks(
      'S10',
      `${worker} reports ${event.type} of ${runId}, and the lease is held by ${lease?.worker_id}`,
    );
  }
  const { epoch, attempt } = before;
  const start = jobs.starts.find(
    (one) => one.runId === runId && one.epoch === epoch && one.attempt === attempt,
  );
  if (event.type === 'ExecutionLost') return;
  if (start === undefined) return world.breaks('S11', `${runId} ${event.type}, and no process ever started`);
  if (event.type !== 'ExecutionProgressed' && start.endedAt === undefined) {
    world.breaks('S10', `${runId} ${event.type}, and its process still runs`);
  }
};

/** S9, L4: a run is taken from its worker when the lease is over and something did happen to the worker. */
export const checkLost = (
  { world, leasedAt }: Mirror,
  { event, run, before, lease }: Happening<Typed<'ExecutionLost'>>,
): void => {
  const { runId } = run;
  const { WorkerId, fence } = event.payload;
  if (before.status !== 'Running' || lease?.fence !== fence || before.fence !== fence) {
    return world.breaks(
      'S9',
      `${runId} is taken from ${WorkerId} under fence ${fence}, which is not its own`,
    );
  }
  const byWorker = event.actor.startsWith('worker:');
  if (!byWorker && (lease.lease_until ?? 0) >= event.at)
    world.breaks('S9', `${runId} is taken from ${WorkerId} before its time`);
  const since = leasedAt.get(`${runId} ${fence}`) ?? 0;
  const living = world.programs.find(({ name }) => name === WorkerId);
  const troubled = living?.troubledAt ?? world.graveyard.get(WorkerId) ?? Infinity;
  if (troubled < since && living?.stopping !== true)
    world.breaks('L4', `${runId} is taken from ${WorkerId}, to whom nothing had happened`);
};

/** What follows an attempt: again by itself only where that does no harm, only so often, and not at once. */
export const checkRetry = (
  { world }: Mirror,
  { event, run, previous }: Happening<Typed<'ExecutionRetried'>>,
): void => {
  const { heavy, effects, retry } = run.spec;
  const { attempt, notBefore } = event.payload;
  if (heavy || effects !== 'idempotent')
    world.breaks('S11', `${run.runId} is started again, and that may do harm`);
  if (previous?.type === 'ExecutionLost') return;
  if (attempt > retry.attemptsMax)
    world.breaks('S3', `${run.runId} gets an attempt more than its job allows`);
  if (notBefore < event.at + retry.delayMsMin / 2) world.breaks('S3', `${run.runId} is tried again at once`);
};
