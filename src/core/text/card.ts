import { tally } from '../runs/approvals.ts';
import type { Gate, LiveRun } from '../runs/run.ts';
import { formatDuration } from '../time/duration.ts';
import type { Action, Card, Line, Span, Verb } from './rich.ts';

/** What a card shows besides the run itself. */
export interface Surroundings {
  /** Names of the people whose yes would count; empty when nobody is known by name. */
  readonly deciders: readonly string[];
  /** Conditions of a heavy start, as far as they are known. */
  readonly gates: readonly Gate[];
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
        badges: [...heavy, ...attemptBadge(run.attempt, run), formatDuration(run.tookMs)],
        lines: [[`${version(run)} · asked by ${asker(run)} · ${approvedBy(run)}`]],
        actions: [log(run), again(run, 'Run again')],
      };
    case 'Failed':
      return {
        runId,
        mark: '❌',
        title: 'Failed',
        badges: [...heavy, ...attemptBadge(run.attempt, run), formatDuration(run.tookMs)],
        lines: [[`${version(run)} · asked by ${asker(run)} · ${approvedBy(run)}`], [run.summary]],
        actions: [log(run), again(run, 'Ask to run again')],
      };
    case 'Denied':
      return {
        runId,
        mark: '⛔',
        title: 'Denied',
        badges: heavy,
        lines: [
          [
            `${version(run)} · asked by ${asker(run)} `,
            clock(run.createdAt),
            ` · denied by ${run.by} `,
            clock(run.endedAt),
            ...(run.reason === undefined ? [] : [`: ${quoted(run.reason)}`]),
          ],
        ],
        actions: [again(run, 'Ask again')],
      };
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
          [whatRan(run)],
        ],
        actions: [again(run, 'Ask again')],
      };
  }
};

type Waiting = LiveRun & { status: 'Created' | 'AwaitingApproval' };

const waitingTitle = (run: Waiting): string => {
  const { have, need } = tally(run.approval, run.votes);
  const asked =
    run.status === 'AwaitingApproval' && run.because === 'lost'
      ? 'Worker lost, decision needed'
      : 'Approval needed';
  return need > 1 ? `${asked} (${have} of ${need})` : asked;
};

const waiting = (run: Waiting, around: Surroundings): Pick<Card, 'lines' | 'actions'> => {
  const decideBy = run.status === 'AwaitingApproval' ? run.decideBy : run.createdAt;
  const lines: Line[] = [
    [heading(run)],
    ...lostLines(run),
    ...paramLines(run),
    ...(run.willRun === '' ? [] : [['Will run: ', { code: run.willRun }, ` · ${digest(run)}`]]),
    ...(run.willRun === '' ? [[digest(run)]] : []),
    [
      `Asked by ${asker(run)} `,
      clock(run.createdAt),
      ' · expires ',
      soon(decideBy),
      ` · ${needed(run, around)}`,
    ],
    ...votes(run),
  ];
  if (run.heavy && !run.selfApproval && run.requester.kind === 'person') {
    lines.push([`${asker(run)} asked, so ${asker(run)} cannot approve.`]);
  }
  if (run.origin.chat === 'group') {
    lines.push([`Or answer /yes ${run.runId} · /no ${run.runId}, or reply to this message.`]);
  }
  return {
    lines,
    actions: [bound(run, 'ap', 'Approve', 'primary'), bound(run, 'dn', 'Deny', 'danger'), details(run)],
  };
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
  const gates = around.gates.map((gate) => `${gate.words} ${gate.met ? '✔' : '✖'}`).join(' · ');
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
  badges: [...heavy, `attempt ${run.attempt - 1} of ${attemptsOf(run)} failed`],
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
    badges: [...heavy, ...attemptBadge(run.attempt, run), ...percent, ...since],
    lines: [
      [heading(run)],
      [...decided(run), ` · ${starter}`, clock(run.startedAt), ` on ${run.workerId}`],
      ...(progress === undefined || progress.text === '' ? [] : [[progress.text]]),
    ],
    actions: [log(run), bound(run, 'cx', 'Cancel run', 'danger')],
  };
};

const version = (run: LiveRun): string => `${run.jobKey} v${run.jobVersion}`;

const heading = (run: LiveRun): string =>
  run.title === '' ? version(run) : `${version(run)} — ${run.title}`;

const digest = (run: LiveRun): string => `digest ${run.digest.slice(0, 6)}`;

/** Who asked, by name. */
export const asker = (run: LiveRun): string =>
  run.requester.kind === 'person' ? run.requester.name : `schedule ${run.requester.key}`;

/** Who approved, in words that fit behind a comma. */
export const approvedBy = (run: LiveRun): string => {
  if (run.byPolicy) return 'approved by policy (never asks)';
  return run.votes.length === 0
    ? 'not approved'
    : `approved by ${run.votes.map((vote) => vote.name).join(', ')}`;
};

const decided = (run: LiveRun): Line => {
  const last = run.votes.at(-1);
  const when: Line = last === undefined ? [] : [' ', clock(last.at)];
  return [`Asked by ${asker(run)} `, clock(run.createdAt), ` · ${approvedBy(run)}`, ...when];
};

const votes = (run: LiveRun): readonly Line[] =>
  run.votes.length === 0
    ? []
    : [
        run.votes.flatMap((vote, index): Span[] => [
          `${index === 0 ? '' : '  '}✔ ${vote.name} `,
          clock(vote.at),
        ]),
      ];

const paramLines = (run: LiveRun): readonly Line[] => {
  const names = Object.keys(run.params);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => [
    `  ${name.padEnd(width)}  ${String(run.params[name])}${run.defaulted.includes(name) ? '   (default)' : ''}`,
  ]);
};

/** "needs 1 of: Bob, Cho". Roles that must be covered are named; otherwise the people are. */
const needed = (run: LiveRun, around: Surroundings): string => {
  const { need, missing } = tally(run.approval, run.votes);
  const self = run.selfApproval ? ' (self-approval allowed)' : '';
  if (missing.length > 0) return `needs ${missing.map((m) => `${m.count} ${m.role}`).join(' and ')}${self}`;
  const names = around.deciders;
  const who =
    names.length > 0 && names.length <= 6
      ? ` of: ${names.join(', ')}`
      : need === 1
        ? ' approval'
        : ' approvals';
  return `needs ${need}${who}${self}`;
};

const attemptsOf = (run: LiveRun): number => Math.max(run.retry.attemptsMax, run.epoch > 1 ? 1 : 0);

const attemptBadge = (attempt: number, run: LiveRun): readonly string[] =>
  attempt > 1 ? [`attempt ${attempt} of ${Math.max(attemptsOf(run), attempt)}`] : [];

/** What people are told about a run that ended without a result (PRODUCT 4). */
export const whatRan = (run: LiveRun): string =>
  run.lastStart === undefined
    ? 'Nothing ran.'
    : `Nothing was started again; attempt ${run.lastStart.attempt} began ${utcClock(run.lastStart.at)} UTC, its end is ${run.status === 'Canceled' && run.was !== 'AwaitingApproval' ? 'on record' : 'unknown'}.`;

const utcClock = (at: number): string => new Date(at).toISOString().slice(11, 16);

/** Why the clock ended the run, as people are told. */
export const expiry = (run: LiveRun & { status: 'Expired' }): string =>
  run.clock === 'decide-by'
    ? `nobody answered in ${formatDuration(run.approval.decideByMs)}`
    : `approved, but not started within ${formatDuration(run.approval.startByMs)}`;

/** People's words in our messages: quoted and cut, so that they cannot pass for ours. */
export const quoted = (words: string): string => {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
};

const clock = (time: number): Span => ({ time, as: 'clock' });
const soon = (time: number): Span => ({ time, as: 'relative' });

const bound = (run: LiveRun, verb: Verb, label: string, style?: 'primary' | 'danger'): Action => ({
  verb,
  label,
  runId: run.runId,
  bound: { epoch: run.epoch, digest: run.digest },
  ...(style === undefined ? {} : { style }),
});

const details = (run: LiveRun): Action => ({ verb: 'dt', label: 'Details', runId: run.runId });
const log = (run: LiveRun): Action => ({ verb: 'lg', label: 'Log', runId: run.runId });
const again = (run: LiveRun, label: string): Action => ({ verb: 'ra', label, runId: run.runId });
