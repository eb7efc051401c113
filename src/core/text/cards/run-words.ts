import { type Missing, tally } from '../../runs/approvals.ts';
import { isPreviewPending } from '../../runs/decide-preview.ts';
import type { Payloads } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Trigger } from '../../schedules/schedule.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Line, Span } from './rich.ts';

/** Who asked, by name. */
export const asker = ({ requester }: Pick<LiveRun, 'requester'>): string => {
  if (requester.kind === 'person') return requester.name;
  return requester.kind === 'schedule' ? `schedule ${requester.key}` : 'TextOps itself';
};

/**
 * The occurrence that a run asks about, or asked about when it was decided. A run that asks again, because its worker was lost
 * or because somebody recovered it, is a run like any other.
 */
export const firstAsked = (run: LiveRun): Trigger | undefined =>
  run.epoch > 1 || (run.status === 'AwaitingApproval' && run.because !== 'asked') ? undefined : run.trigger;

/** Somebody said no to a run that had lost its worker. Votes for running it again, short of the quorum, approved nothing. */
export const isGivenUp = (run: LiveRun): run is LiveRun & { status: 'Failed' } =>
  run.status === 'Failed' && run.reason === 'lost';

/** Who approved, in words that fit behind a comma. */
export const approvedBy = (run: LiveRun): string => {
  if (isGivenUp(run)) return 'not approved again';
  if (run.byPolicy) return 'approved by policy (never asks)';
  return run.votes.length === 0
    ? 'not approved'
    : `approved by ${run.votes.map((vote) => vote.name).join(', ')}`;
};

/** "1 of 2": the people who said yes and how many it takes. */
export const counted = (run: LiveRun): string => {
  const { have, need } = tally(run.approval, run.votes);
  return `${have} of ${need}`;
};

/** "Counted: 1 of 2, still missing 1 lead": what a yes came to that was not the last one. */
export const countedWords = (run: LiveRun, whose = ''): string => {
  const { missing } = tally(run.approval, run.votes);
  const still = missing.length === 0 ? '' : `, still missing ${missingWords(missing)}`;
  return `Counted: ${[counted(run), whose].join(' ').trimEnd()}${still}`;
};

/** "1 dba and 2 lead", with the names of those who could give it where they are known. */
export const missingWords = (
  missing: readonly (Missing & { readonly names?: readonly string[] })[],
): string =>
  missing
    .map(({ roles, count, names = [] }) => {
      const who = names.length > 0 && names.length <= NAMES_MAX ? ` (${names.join(', ')})` : '';
      return `${count} ${roles.join(' or ')}${who}`;
    })
    .join(' and ');

/** A line of a card lists no more people than that. */
export const NAMES_MAX = 6;

/** What people are told about a run that ended without a result (PRODUCT 4). */
export const whatRan = ({ lastStart }: LiveRun): string => {
  if (lastStart === undefined) return 'Nothing ran.';
  const { attempt, at, ended } = lastStart;
  const end = ended === true ? 'on record' : 'unknown';
  return `Nothing was started again; attempt ${attempt} began ${utcClock(at)} UTC, its end is ${end}.`;
};

/** Why the clock ended the run, as people are told. */
export const expiry = (run: LiveRun & { status: 'Expired' }): string =>
  silence(run, run.clock, run.endedAt - run.waitedMs);

/** The same, from the moment on which the clock began to tick. */
export const silence = (run: LiveRun, clock: 'decide-by' | 'start-by', from: number): string => {
  const { approval } = run;
  if (clock === 'decide-by') {
    const wait = waitOf(approval.decideByMs);
    return isPreviewPending(run) ? `no worker previewed it in ${wait}` : `nobody answered in ${wait}`;
  }
  return `approved, but not started by ${utcClock(from + approval.startByMs)} UTC`;
};

/** Why an approval fell. */
export const voidedWords = (run: LiveRun, reason: Payloads['ApprovalVoided']['reason']): string =>
  `${voidedBecause(run, reason)} ${whatRan(run)}`;

const voidedBecause = (
  { jobKey, runId, approval }: LiveRun,
  reason: Payloads['ApprovalVoided']['reason'],
): string => {
  switch (reason) {
    case 'digest':
      return `What ${jobKey} would run is no longer what was approved (${runId}), so the approval is void.`;
    case 'preview':
      return `What ${jobKey} would do is no longer what its preview showed (${runId}), so the approval is void.`;
    case 'votes':
      return approval.policy === 'never'
        ? `Nobody stands behind ${jobKey} (${runId}) running without a yes any more, so it asks.`
        : `An approver of ${jobKey} (${runId}) may not approve it any more, so the approval is void.`;
  }
};

/** People's words in our messages: quoted and cut, so that they cannot pass for ours. */
export const quoted = (words: string): string => {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
};

/** "attempt 2 of 3", or nothing to say about a first attempt. */
export const attemptWords = (attempt: number, run: LiveRun): readonly string[] =>
  attempt > 1 ? [`attempt ${attempt} of ${attemptsOf(attempt, run)}`] : [];

/** A lost attempt that is started again may bring a run above the attempts that its job asked for. */
export const attemptsOf = (attempt: number, run: LiveRun): number => Math.max(attempt, run.retry.attemptsMax);

/** An advisor's words, under the label that says so. */
export const unusualWords = (words: string): string => `unusual: ${words}`;

/** A time that we gave people to answer: "30 min", not the measured look of "29m 58s". */
const waitOf = (ms: number): string =>
  ms % MINUTE === 0 && ms < 2 * HOUR ? `${ms / MINUTE} min` : formatDuration(ms);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const utcClock = (at: number): string => new Date(at).toISOString().slice(11, 16);

/** "Asked by Ana 14:02 · approved by Bob 14:02". */
export const decided = (run: LiveRun): Line => {
  const last = run.votes.at(-1);
  const when: Line = last === undefined ? [] : [' ', clock(last.at)];
  return [`Asked by ${asker(run)} `, clock(run.createdAt), ` · ${approvedBy(run)}`, ...when];
};

const clock = (time: number): Span => ({ time, as: 'clock' });
