import type { Vote } from '../../../src/core/runs/run.ts';
import { TIMETABLE } from '../people/catalog.ts';
import {
  type Closed,
  eventsOf,
  type Happening,
  holdsRole,
  type Known,
  type Mirror,
  mayDecide,
  personsSince,
  signer,
  type Typed,
} from './mirror.ts';
import { isUnseen } from './queue-laws.ts';
import { digestOf } from './second-opinion.ts';

/** S2, S3: a question names exactly what would run, for one epoch. */
export const checkQuestion = (
  { world }: Mirror,
  { event, run, before, after }: Happening<Typed<'ApprovalRequested'>>,
): void => {
  const { runId, jobKey, jobVersion, params, files } = after;
  const { epoch, digest, because, decideBy } = event.payload;
  const job = { key: jobKey, version: jobVersion, spec: run.spec };
  const own = digestOf({ runId, epoch, job, params, files });
  if (own !== digest) world.breaks('S2', `the digest of ${runId} does not cover what would run`);
  const last = before.status === 'absent' ? 0 : before.epoch;
  const wanted = because === 'asked' ? 1 : last + 1;
  if (epoch !== wanted) world.breaks('S3', `${runId} asks for epoch ${epoch}, and ${wanted} comes next`);
  const decideByMs = decideByOf(run) ?? run.spec.approval.decideByMs;
  if (decideBy !== event.at + decideByMs)
    world.breaks('S3', `${runId} asks for ${decideBy - event.at} ms, and not for ${decideByMs}`);
};

/** A schedule may give people another time than the job does. */
const decideByOf = ({ events }: Known): number | undefined => {
  const [created] = events;
  if (created?.type !== 'RunCreated' || !created.actor.startsWith('schedule:')) return undefined;
  return TIMETABLE.find(({ key }) => `schedule:${key}` === created.actor)?.decideByMs;
};

/** S3, S4, S5: one vote, of somebody who may, in time, once, and not for their own run. */
export const checkVote = (
  mirror: Mirror,
  { event, run, before, behind }: Happening<Typed<'ApprovalRecorded' | 'RunApproved'>>,
): void => {
  const { world } = mirror;
  const { vote, epoch } = event.payload;
  if (vote === undefined) return checkPolicy(mirror, run, event);
  const no = (law: string, words: string): void => world.breaks(law, `${run.runId}: ${words}`);
  if (before.status !== 'AwaitingApproval') return no('S6', `a vote while ${before.status}`);
  if (epoch !== before.epoch) no('S3', `a vote for epoch ${epoch} in epoch ${before.epoch}`);
  if (isUnseen(before)) no('S2', 'a vote before anybody saw the preview');
  if (event.at > before.decideBy) no('S7', `a vote after decide-by`);
  if (signer(event.actor) !== vote.identity) no('S4', `${event.actor} cast the vote of ${vote.identity}`);
  const persons = personsSince(mirror, vote.identity, heardAt(mirror, behind));
  if (!persons.some((person) => person.id === vote.personId && mayDecide(person, run.spec))) {
    no('S5', `${vote.identity} may not decide and did`);
  }
  const asker = before.requester.kind === 'person' ? before.requester.personId : undefined;
  if (asker === vote.personId && !selfAllowed(mirror, run)) no('S4', `${asker} approved their own run`);
  const account = before.requester.kind === 'person' ? before.requester.identity : undefined;
  if (account === vote.identity && !selfAllowed(mirror, run))
    no('S4', `${account} approved what it asked for`);
  const earlier = eventsOf(run, 'ApprovalRecorded').filter(({ payload }) => payload.epoch === epoch);
  const votes = earlier.map(({ payload }) => payload.vote);
  if (votes.some(({ personId }) => personId === vote.personId)) no('S4', `${vote.personId} voted twice`);
  if (event.type === 'RunApproved' && !enough(run, [...votes, vote])) no('S1', 'approved by too few');
};

/** A right may be lost while a message is being handled; it counts when it was held at any moment since it came. */
const heardAt = ({ world, storedAt }: Mirror, behind: Closed | undefined): number =>
  behind === undefined || behind.row.channel === 'dev'
    ? world.time.now() - DOOR_MS
    : (storedAt.get(behind.row.id) ?? 0);

/** A door that answers at once stores its message last; so long may one be under way, with everything that can hold it up. */
const DOOR_MS = 120_000;

const selfAllowed = ({ world }: Mirror, { spec, state }: Known): boolean => {
  if (spec.approval.self !== undefined) return spec.approval.self;
  return world.weather.profile === 'dev' && state.status !== 'absent' && state.origin.channel === 'dev';
};

/** S8: without people only where the definition and the installation say so. */
const checkPolicy = (
  { world }: Mirror,
  run: Known,
  event: Typed<'ApprovalRecorded' | 'RunApproved'>,
): void => {
  const { spec, runId } = run;
  const may = spec.approval.policy === 'never' && !spec.heavy && world.weather.profile === 'dev';
  if (!may || event.actor !== 'policy:never') world.breaks('S8', `${runId} was approved by nobody`);
};

/** As many people as the quorum says, and of each needed role as many others. */
export const enough = ({ spec }: Known, votes: readonly Vote[]): boolean => {
  const people = new Map(votes.map((vote) => [vote.personId, vote]));
  const { quorum, needs } = spec.approval;
  const covered = needs.every(
    ({ role, count }) => [...people.values()].filter(({ roles }) => holdsRole(roles, role)).length >= count,
  );
  return people.size >= quorum && covered;
};

/** S1, S5: whoever still may vote at the claim is enough, for exactly this epoch. */
export const checkStanding = (mirror: Mirror, run: Known, epoch: number, since: number): void => {
  const { world } = mirror;
  const approvals = eventsOf(run, 'RunApproved').filter(({ payload }) => payload.epoch === epoch);
  const [approval] = approvals;
  if (approval === undefined || approvals.length !== 1) {
    return world.breaks(
      'S1',
      `${run.runId} starts in epoch ${epoch}, which has ${approvals.length} approvals`,
    );
  }
  const { vote } = approval.payload;
  if (vote === undefined) return;
  const recorded = eventsOf(run, 'ApprovalRecorded').filter(({ payload }) => payload.epoch === epoch);
  const votes = [...recorded.map(({ payload }) => payload.vote), vote];
  const standing = votes.filter((one) => stillMay(mirror, run, one, since));
  if (!enough(run, standing)) {
    world.breaks(
      'S5',
      `${run.runId} starts although of its voters only ${standing.map(({ name }) => name).join(', ') || 'nobody'} may decide`,
    );
  }
};

const stillMay = (mirror: Mirror, run: Known, vote: Vote, since: number): boolean =>
  personsSince(mirror, vote.identity, since).some(
    (person) =>
      person.id === vote.personId &&
      mayDecide(person, run.spec) &&
      run.spec.approval.needs.every(
        ({ role }) => !holdsRole(vote.roles, role) || holdsRole(person.roles, role),
      ),
  );
