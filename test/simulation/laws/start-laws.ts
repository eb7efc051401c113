import { eventsOf, type Happening, type Mirror, signer, type Typed } from './mirror.ts';
import { checkStanding } from './vote-laws.ts';

/** How often a run may lose its worker and go on by itself. */
const LOSSES_MAX = 3;

/** A dispatch follows the decision of its epoch: of a light run at once, of a heavy one when a person says so. */
export const checkDispatch = (
  { world }: Mirror,
  { event, run, previous, before }: Happening<Typed<'ExecutionDispatched'>>,
): void => {
  const wanted = run.spec.heavy ? 'RunResumed' : 'RunApproved';
  const { epoch } = event.payload;
  const fits = previous?.type === wanted && previous.payload.epoch === epoch;
  if (!fits) world.breaks('S1', `${run.runId} is dispatched after ${previous?.type}, not ${wanted}`);
  if (before.status === 'Approved' && event.at > before.startBy)
    world.breaks('S3', `${run.runId} is dispatched too late`);
  if (run.spec.heavy && previous !== undefined && signer(previous.actor) === undefined) {
    world.breaks('S1', `${run.runId} is heavy and was started by ${previous.actor}`);
  }
};

/** S1, S2, S3, S5, S9, S11: everything that must hold at the moment in which a start is put on record. */
export const checkStarted = (mirror: Mirror, happening: Happening<Typed<'ExecutionStarted'>>): void => {
  const { world, town, leasedAt } = mirror;
  const { event, run, before, lease } = happening;
  const { runId, spec } = run;
  const { epoch, attempt, fence, WorkerId } = event.payload;
  if (before.status !== 'Dispatching') return world.breaks('S1', `${runId} starts while ${before.status}`);
  if (fence <= before.fence) world.breaks('S9', `${runId} starts under fence ${fence} after ${before.fence}`);
  if (lease?.worker_id !== WorkerId || lease.fence !== fence) {
    world.breaks('S9', `${runId} is started by ${WorkerId}, and the lease is held by ${lease?.worker_id}`);
  }
  if (before.startBy !== undefined && event.at > before.startBy)
    world.breaks('S3', `${runId} starts after start-by`);
  const claimedAt = leasedAt.get(`${runId} ${fence}`) ?? 0;
  checkStanding(mirror, run, epoch, claimedAt);
  const earlier = eventsOf(run, 'ExecutionStarted').filter(({ payload }) => payload.epoch === epoch);
  const most = !spec.heavy && spec.effects === 'idempotent' ? spec.retry.attemptsMax + LOSSES_MAX : 1;
  if (earlier.length >= most)
    world.breaks('S11', `${runId} starts for the ${earlier.length + 1}th time in epoch ${epoch}`);
  if (earlier.some(({ payload }) => payload.attempt === attempt))
    world.breaks('S11', `attempt ${attempt} of ${runId} starts twice`);
  for (const [name, hash] of Object.entries(before.files)) {
    const given = town.given.get(`${WorkerId} ${name}`) ?? [];
    const seen = given.some(({ at, files }) => at >= claimedAt && files[name] === hash);
    if (!seen) world.breaks('S2', `${runId} starts with a file that is not the approved one`);
  }
};

/** S7: timeouts deny, and never before their time. */
export const checkTimeout = (
  { world }: Mirror,
  { event, run, before }: Happening<Typed<'ApprovalTimedOut'>>,
): void => {
  const deadline =
    before.status === 'AwaitingApproval'
      ? before.decideBy
      : before.status === 'Approved' || before.status === 'Dispatching'
        ? before.startBy
        : undefined;
  if (deadline === undefined || event.at <= deadline)
    world.breaks('S7', `${run.runId} expires before its time`);
};

/** A heavy run is started by a person, while its window is open. */
export const checkResumed = (
  { world }: Mirror,
  { event, run, before }: Happening<Typed<'RunResumed'>>,
): void => {
  const { spec, runId } = run;
  if (!spec.heavy || before.status !== 'Approved')
    world.breaks('S1', `${runId} is resumed while ${before.status}`);
  if (spec.window === undefined) return;
  const minute = new Date(event.at).toISOString().slice(11, 16);
  if (minute < spec.window.from || minute >= spec.window.to)
    world.breaks('S7', `${runId} is started at ${minute}`);
};
