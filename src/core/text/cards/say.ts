import { tally } from '../../runs/approvals.ts';
import type { Gate } from '../../runs/command.ts';
import type { Freeze } from '../../runs/freeze.ts';
import type { Refusal } from '../../runs/refusal.ts';
import type { LiveRun, RunState } from '../../runs/run.ts';
import type { Line, Span } from './rich.ts';
import {
  approvedBy,
  asker,
  attemptWords,
  counted,
  expiry,
  firstAsked,
  isGivenUp,
  missingWords,
  quoted,
  whatRan,
} from './run-words.ts';

// A little longer than a room should be: every refusal and every state has its sentence here, so that they sound alike.

/** The one sentence for somebody whom nobody admitted: no job, no run, no name in it. */
export const STRANGER =
  'I do not know you yet. Send /link to get a code for an owner; until then I answer nothing else.';

export const noRun = (runId: string): string => `No run ${runId}.`;

export const notAnId = (word: string, verb: string): string =>
  `${quoted(word)} is no run id: an id has 6 characters, such as K7M2QX. Try: ${verb} K7M2QX`;

export const needsId = (verb: string): string => `Which run? Try: ${verb} K7M2QX`;

export const clock = (time: number): Span => ({ time, as: 'clock' });

/** Why not, in words for the person who asked. Every refusal has its sentence; none of them changes anything. */
export const explain = (refusal: Refusal, run: RunState, deciders: readonly string[] = []): Line => {
  if (run.status === 'absent') return beforeAnyRun(refusal);
  const { runId, jobKey } = run;
  switch (refusal.why) {
    case 'unknown_run':
      return [noRun(runId)];
    case 'run_exists':
      return [`Run ${runId} exists already.`];
    case 'only_people_decide':
      return ['Only a person can decide.'];
    case 'may_not_request':
      return [`You may not ask for ${jobKey}.`];
    case 'may_not_decide':
      return [`You may not approve ${jobKey} (${runId}).${approvers(deciders)} Nothing changed.`];
    case 'only_workers_report':
      return [`Only the worker of ${runId} reports how it goes.`];
    case 'may_not_steer':
      return [`You may not do that with ${runId} (${jobKey}). Nothing changed.`];
    case 'requester_cannot_approve':
      return [`You asked for this run, so someone else must approve it${fromWhom(run, deciders)}.`];
    case 'heavy_not_by_sms':
      return [
        `${jobKey} is heavy and cannot be approved by SMS. Use Telegram or web. NO ${runId} works here.`,
      ];
    case 'out_of_date':
      return [OUT_OF_DATE];
    case 'wrote_before':
      return [`You wrote that before ${runId} was asked. Answer again: yes ${runId}`];
    case 'already_voted':
      return ['You already approved ', clock(refusal.votedAt), `. Still ${counted(run)}.`];
    case 'already_decided':
      return alreadyDecided(run);
    case 'preview_pending':
      return [
        `${runId} (${jobKey}) is being previewed; answer when its card shows what it would do. Nothing changed.`,
      ];
    case 'asked_anew':
      return run.status === 'AwaitingApproval'
        ? [`${runId} (${jobKey}) has asked anew meanwhile; answer the newest question. Nothing changed.`]
        : alreadyDecided(run);
    case 'not_approved_yet':
      return [`${runId} (${jobKey}) is not approved yet, so it cannot start.`];
    case 'not_heavy':
      return [`${runId} (${jobKey}) is not heavy: it starts by itself when it is approved.`];
    case 'already_started':
      return run.status === 'Running'
        ? [`${runId} is already running since `, clock(run.startedAt), '. Nothing was started twice.']
        : [`${runId} is already on its way. Nothing was started twice.`];
    case 'gates_unmet': {
      return [`${runId} cannot start yet: ${unmetWords(refusal.gates)}.`];
    }
    case 'already_over': {
      const by = 'by' in run ? ` by ${run.by}` : '';
      const end = isGivenUp(run) ? run.summary : `${statusWords(run)}${by}`;
      return [`${runId} (${jobKey}) is over: ${end} `, clock(since(run)), '. Nothing changed.'];
    }
    case 'not_recoverable':
      return run.status === 'Succeeded' || run.status === 'Denied'
        ? [`${runId} is over (${statusWords(run)}) and cannot be recovered. Ask again: /run ${jobKey}`]
        : [`${runId} is ${statusWords(run)}; there is nothing to recover.`];
    case 'not_due':
      return [`${runId} is not due.`];
    case 'not_dispatched':
      return [`${runId} is not waiting for a worker.`];
    case 'job_substrate_disabled':
      return [QUEUE_OFF];
    case 'frozen':
      return frozenLine(refusal);
    case 'superseded':
      return [`Another worker has taken over ${runId}.`];
  }
};

/** Who has stopped everything, since when and why, and the way out. */
export const frozenLine = ({ by, at, reason }: Freeze): Line => [
  `Frozen by ${by} `,
  clock(at),
  `: ${quoted(reason)}. Nothing is decided or started until /unfreeze; a cancel still works.`,
];

/** "freeze ON (set by Cho; /unfreeze) · no worker is running"; empty when nothing stands in the way. */
export const unmetWords = (gates: readonly Gate[]): string =>
  gates
    .filter(({ met }) => !met)
    .map(({ words, remedy }) => (remedy === undefined ? words : `${words} (${remedy})`))
    .join(' · ');

export const OUT_OF_DATE = 'This button is out of date; use the newest card. Nothing changed.';

/** No run came of it, so there is nothing to name. */
const beforeAnyRun = (refusal: Refusal): Line => {
  if (refusal.why === 'job_substrate_disabled') return [QUEUE_OFF];
  return refusal.why === 'may_not_request' || refusal.why === 'only_people_decide'
    ? ['You may not ask for that. Nothing was created.']
    : ['I know no such run.'];
};

const QUEUE_OFF =
  'The queue is switched off (job_substrate_disabled), so nothing starts and nothing changed. See /gates';

const approvers = (deciders: readonly string[]): string =>
  deciders.length === 0 ? '' : ` Approvers: ${deciders.join(', ')}.`;

/** " (2 of Bob, Cho)", or the roles that it takes. */
const fromWhom = (run: LiveRun, deciders: readonly string[]): string => {
  const { need, missing } = tally(run.approval, run.votes);
  if (missing.length > 0) return ` (${missingWords(missing)})`;
  return deciders.length === 0 ? '' : ` (${need} of ${deciders.join(', ')})`;
};

/** A late answer learns who decided and when. */
export const alreadyDecided = (run: LiveRun): Line => {
  const { runId, jobKey } = run;
  switch (run.status) {
    case 'Denied':
      return [`Already ${statusWords(run)} by ${run.by} `, clock(run.endedAt), `. Nothing changed.`];
    case 'Canceled':
      return [`${runId} was canceled by ${run.by} `, clock(run.endedAt), '. Nothing changed.'];
    case 'Expired':
      return [
        `${runId} expired `,
        clock(run.endedAt),
        `, so it cannot be approved. Ask again: /run ${jobKey}`,
      ];
    case 'Created':
    case 'AwaitingApproval':
      return [`${runId} still waits for a decision.`];
    case 'Approved':
    case 'Dispatching':
    case 'Running':
    case 'Succeeded':
    case 'Failed': {
      if (isGivenUp(run)) {
        return [`${runId} (${jobKey}) was ${run.summary}, `, clock(run.endedAt), '. Nothing changed.'];
      }
      const last = run.votes.at(-1);
      const when: Line = last === undefined ? [] : [' ', clock(last.at)];
      return [
        `${runId} (${jobKey}) was already ${approvedBy(run)}`,
        ...when,
        `; it ${run.status === 'Succeeded' || run.status === 'Failed' ? '' : 'is '}${statusWords(run)}. Nothing changed.`,
      ];
    }
  }
};

/** The word of a state for people (the board's names are for operators). */
export const statusWords = (run: LiveRun): string => {
  switch (run.status) {
    case 'Created':
    case 'AwaitingApproval':
      return tally(run.approval, run.votes).need > 1
        ? `waiting for approval (${counted(run)})`
        : 'waiting for approval';
    case 'Approved':
      return 'approved, not started';
    case 'Dispatching':
      return run.attempt > 1 ? ['retrying', ...attemptWords(run.attempt, run)].join(', ') : 'queued';
    case 'Running':
      return ['running', ...attemptWords(run.attempt, run)].join(', ');
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
      return 'failed';
    case 'Denied':
      return firstAsked(run) === undefined ? 'denied' : 'skipped';
    case 'Canceled':
      return 'canceled';
    case 'Expired':
      return 'expired';
  }
};

/** "is running", "failed", "was denied": behind a name, a whole sentence. */
export const statusVerb = (run: LiveRun): string => {
  if (run.status === 'Succeeded' || run.status === 'Failed' || run.status === 'Expired')
    return statusWords(run);
  return `${run.status === 'Denied' || run.status === 'Canceled' ? 'was' : 'is'} ${statusWords(run)}`;
};

export const statusMark = (run: LiveRun): string => {
  switch (run.status) {
    case 'Created':
    case 'AwaitingApproval':
      return '⏳';
    case 'Approved':
      return '✔';
    case 'Dispatching':
      return run.attempt > 1 ? '🔁' : '⏳';
    case 'Running':
      return '▶️';
    case 'Succeeded':
      return '✅';
    case 'Failed':
      return '❌';
    case 'Denied':
    case 'Canceled':
      return '⛔';
    case 'Expired':
      return '⌛';
  }
};

/** Since when the run is what it is. */
export const since = (run: LiveRun): number => {
  switch (run.status) {
    case 'Created':
      return run.createdAt;
    case 'AwaitingApproval':
      return run.askedAt;
    case 'Approved':
      return run.approvedAt;
    case 'Dispatching':
      return run.since;
    case 'Running':
      return run.startedAt;
    case 'Succeeded':
    case 'Failed':
    case 'Denied':
    case 'Canceled':
    case 'Expired':
      return run.endedAt;
  }
};

/** `status ID`: one line, present state, since when, by whom; a second one when there is an error to tell. */
export const statusLines = (run: LiveRun): readonly Line[] => {
  const { runId, jobKey } = run;
  const by = byWhom(run);
  const first: Line = [
    `${statusMark(run)} ${runId} ${jobKey}: ${statusWords(run)}${'endedAt' in run ? ' ' : ' since '}`,
    clock(since(run)),
    ` · asked by ${asker(run)}${by === '' ? '' : ` · ${by}`}`,
  ];
  const error =
    run.lastError === undefined || run.status === 'Succeeded' ? [] : [[`last error: ${run.lastError}`]];
  if (run.status === 'Succeeded') return [first, [run.summary]];
  return [first, ...error];
};

const byWhom = (run: LiveRun): string => {
  switch (run.status) {
    case 'Denied':
      return `${statusWords(run)} by ${run.by}${run.reason === undefined ? '' : `: ${quoted(run.reason)}`}`;
    case 'Canceled':
      return `canceled by ${run.by}. ${whatRan(run)}`;
    case 'Expired':
      return `${expiry(run)}. ${whatRan(run)}`;
    case 'Created':
    case 'AwaitingApproval':
      return '';
    case 'Approved':
    case 'Dispatching':
    case 'Running':
    case 'Succeeded':
    case 'Failed':
      return approvedBy(run);
  }
};
