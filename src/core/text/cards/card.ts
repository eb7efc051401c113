import { type Lacking, tally } from '../../runs/approvals.ts';
import type { Gate } from '../../runs/command.ts';
import { isPreviewPending } from '../../runs/decide-preview.ts';
import type { LiveRun } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import { escalatedLines } from '../ops/notice-words.ts';
import { dueLines, nextSpans, skippedLine } from '../schedules/schedule-card.ts';
import {
  again,
  bound,
  clock,
  decisions,
  details,
  digest,
  heading,
  lastTryWords,
  log,
  needed,
  paramLines,
  pauses,
  reasonSpans,
  soon,
  triesWords,
  version,
  votes,
} from './card-parts.ts';
import { previewLines } from './preview-words.ts';
import type { Card, Line } from './rich.ts';
import {
  approvedBy,
  asker,
  attemptWords,
  decided,
  expiry,
  firstAsked,
  unusualWords,
  whatRan,
} from './run-words.ts';

// Longer than a room should be: one card per state, and cards are compared with each other.

/** What a card shows besides the run itself. */
export interface Surroundings {
  /** Names of the people whose yes would count; empty when nobody is known by name. */
  readonly deciders: readonly string[];
  /** The needs that nobody covers yet, with those who could. */
  readonly lacking?: readonly Lacking[];
  /** Conditions of a heavy start, or of the dry run that a question waits for, as far as they are known. */
  readonly gates: readonly Gate[];
  /** What the dry run wrote. */
  readonly preview?: readonly string[];
}

/** The card of a run in its present state. Pure: rendered from committed state only. */
export const cardOf = (run: LiveRun, around: Surroundings): Card => {
  const { runId } = run;
  const heavy = run.heavy ? ['HEAVY'] : [];
  switch (run.status) {
    case 'Created':
    case 'AwaitingApproval':
      return { runId, mark: '⏳', title: waitingTitle(run), badges: heavy, ...waiting(run, around) };
    case 'Approved':
      return { runId, mark: '✔', title: 'Approved, not started', badges: heavy, ...approved(run, around) };
    case 'Dispatching':
      return run.attempt > 1 ? retrying(run, heavy) : queued(run, heavy);
    case 'Running':
      return running(run, heavy);
    case 'Succeeded':
      return {
        runId,
        mark: '✅',
        title: 'Succeeded',
        badges: [...heavy, ...attemptWords(run.attempt, run), formatDuration(run.tookMs)],
        lines: [[`${version(run)} · asked by ${asker(run)} · ${approvedBy(run)}`]],
        actions: [log(run), again(run, 'Run again')],
      };
    case 'Failed':
      return {
        runId,
        mark: '❌',
        title: 'Failed',
        badges: [...heavy, triesWords(run)],
        lines: [[`${version(run)} · asked by ${asker(run)} · ${approvedBy(run)}`], [run.summary]],
        actions: [log(run), again(run, 'Ask to run again')],
      };
    case 'Denied':
      return denied(run, heavy);
    case 'Canceled':
      return {
        runId,
        mark: '⛔',
        title: 'Canceled',
        badges: heavy,
        lines: [
          [
            `${version(run)} · asked by ${asker(run)} `,
            clock(run.createdAt),
            ` · canceled by ${run.by} `,
            clock(run.endedAt),
          ],
          [whatRan(run)],
        ],
        actions: [...(run.lastStart === undefined ? [] : [log(run)]), again(run, 'Ask again')],
      };
    case 'Expired':
      return {
        runId,
        mark: '⌛',
        title: 'Expired',
        badges: heavy,
        lines: [
          [`${version(run)} · asked by ${asker(run)} `, clock(run.createdAt), ` · ${expiry(run)}`],
          [whatRan(run), ...(run.trigger === undefined ? [] : nextSpans(run.trigger))],
        ],
        actions: [again(run, 'Ask again')],
      };
  }
};

type Waiting = LiveRun & { status: 'Created' | 'AwaitingApproval' };

const waitingTitle = (run: Waiting): string => {
  const { have, need } = tally(run.approval, run.votes);
  const lost = run.status === 'AwaitingApproval' && run.because === 'lost';
  const asked = lost
    ? 'Worker lost, decision needed'
    : firstAsked(run) === undefined
      ? 'Approval needed'
      : 'Scheduled: approval needed';
  return need > 1 ? `${asked} (${have} of ${need})` : asked;
};

const waiting = (run: Waiting, around: Surroundings): Pick<Card, 'lines' | 'actions'> => {
  const lines: Line[] = [
    [heading(run)],
    ...lostLines(run),
    ...paramLines(run),
    ...askedLines(run, around),
    ...(run.status === 'AwaitingApproval' ? previewLines(run, around.preview ?? [], around.gates) : []),
    ...votes(run),
    ...escalatedLines(run),
    // Behind what the rules know: an advisor may worry people, and never pass for the card itself.
    ...(run.unusual === undefined ? [] : [[`⚠️ ${unusualWords(run.unusual)}`]]),
  ];
  if (run.heavy && !run.selfApproval && run.requester.kind === 'person') {
    lines.push([`${asker(run)} asked, so ${asker(run)} cannot approve.`]);
  }
  if (run.origin.chat === 'group' && !isPreviewPending(run)) {
    lines.push([`Or answer /yes ${run.runId} · /no ${run.runId}, or reply to this message.`]);
  }
  return {
    lines,
    actions: [...decisions(run), ...pauses(run), details(run)],
  };
};

/** What would run, who asks for it, and until when. */
const askedLines = (run: Waiting, around: Surroundings): readonly Line[] => {
  const decideBy = run.status === 'AwaitingApproval' ? run.decideBy : run.createdAt;
  const trigger = firstAsked(run);
  if (trigger !== undefined) {
    return [
      ...(run.willRun === '' ? [] : [['Will run: ', { code: run.willRun }]]),
      ...dueLines(run, trigger, decideBy),
      [`Asked by ${asker(run)} · ${needed(run, around)}`],
    ];
  }
  return [
    run.willRun === '' ? [digest(run)] : ['Will run: ', { code: run.willRun }, ` · ${digest(run)}`],
    [
      `Asked by ${asker(run)} `,
      clock(run.createdAt),
      ' · expires ',
      soon(decideBy),
      ` · ${needed(run, around)}`,
    ],
  ];
};

const denied = (run: LiveRun & { status: 'Denied' }, heavy: readonly string[]): Card => {
  const { runId } = run;
  const trigger = firstAsked(run);
  const actions = [again(run, 'Ask again')];
  if (trigger !== undefined) {
    return {
      runId,
      mark: '⛔',
      title: 'Skipped',
      badges: heavy,
      lines: [skippedLine(run, trigger)],
      actions,
    };
  }
  const asked: Line = [`${version(run)} · asked by ${asker(run)} `, clock(run.createdAt)];
  const lines = [[...asked, ` · denied by ${run.by} `, clock(run.endedAt), ...reasonSpans(run)]];
  return { runId, mark: '⛔', title: 'Denied', badges: heavy, lines, actions };
};

const lostLines = (run: Waiting): readonly Line[] => {
  if (run.status !== 'AwaitingApproval' || run.lastStart === undefined) return [];
  const { attempt, at, workerId } = run.lastStart;
  if (run.because === 'lost') {
    return [
      [`Attempt ${attempt} began `, clock(at), ` on ${workerId}, which was lost; its end is unknown.`],
      ['Approve starts it again, Deny ends it as failed.'],
    ];
  }
  return [[`Attempt ${attempt} began `, clock(at), '. Approve starts a new one.']];
};

const approved = (
  run: LiveRun & { status: 'Approved' },
  around: Surroundings,
): Pick<Card, 'lines' | 'actions'> => {
  const ready = around.gates.every((gate) => gate.met);
  const gates = around.gates.map(gateWords).join(' · ');
  return {
    lines: [
      [heading(run)],
      ...votes(run),
      ...(gates === '' ? [] : [[`Gates: ${gates}`]]),
      ['Approval lapses ', soon(run.startBy)],
    ],
    actions: [
      ...(ready ? [bound(run, 'rs', 'Start now', 'primary')] : []),
      bound(run, 'cx', 'Cancel run', 'danger'),
    ],
  };
};

/** "freeze ON ✖ (set by Cho; /unfreeze)". */
const gateWords = ({ words, met, remedy }: Gate): string =>
  `${words} ${met ? '✔' : '✖'}${remedy === undefined ? '' : ` (${remedy})`}`;

const queued = (run: LiveRun & { status: 'Dispatching' }, heavy: readonly string[]): Card => ({
  runId: run.runId,
  mark: '⏳',
  title: 'Queued',
  badges: heavy,
  lines: [[heading(run)], decided(run)],
  actions: [bound(run, 'cx', 'Cancel run', 'danger')],
});

const retrying = (run: LiveRun & { status: 'Dispatching' }, heavy: readonly string[]): Card => ({
  runId: run.runId,
  mark: '🔁',
  title: 'Retrying',
  badges: [...heavy, lastTryWords(run)],
  lines: [
    [heading(run)],
    ...(run.lastError === undefined ? [] : [[run.lastError]]),
    ['Next try ', clock(run.notBefore), ` (in ${formatDuration(Math.max(0, run.notBefore - run.since))})`],
  ],
  actions: [bound(run, 'cx', 'Stop retrying', 'danger'), log(run)],
});

const running = (run: LiveRun & { status: 'Running' }, heavy: readonly string[]): Card => {
  const { progress } = run;
  const percent = progress?.percent === undefined ? [] : [`${progress.percent}%`];
  const since = progress === undefined ? [] : [formatDuration(progress.at - run.startedAt)];
  const starter = run.resumedBy === undefined ? 'started ' : `started by ${run.resumedBy} `;
  return {
    runId: run.runId,
    mark: '▶️',
    title: 'Running',
    badges: [...heavy, ...attemptWords(run.attempt, run), ...percent, ...since],
    lines: [
      [heading(run)],
      [...decided(run), ` · ${starter}`, clock(run.startedAt), ` on ${run.workerId}`],
      ...(progress === undefined || progress.text === '' ? [] : [[progress.text]]),
    ],
    actions: [log(run), bound(run, 'cx', 'Cancel run', 'danger')],
  };
};
