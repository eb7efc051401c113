import { type Lacking, tally } from '../../runs/approvals.ts';
import { isPreviewPending } from '../../runs/decide-preview.ts';
import type { LiveRun } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Action, Line, Span, Verb } from './rich.ts';
import { attemptsOf, firstAsked, missingWords, NAMES_MAX, quoted } from './run-words.ts';

export const version = (run: LiveRun): string => `${run.jobKey} v${run.jobVersion}`;

export const heading = (run: LiveRun): string =>
  run.title === '' ? version(run) : `${version(run)} — ${run.title}`;

export const digest = (run: LiveRun): string => `digest ${run.digest.slice(0, 6)}`;

export const votes = (run: LiveRun): readonly Line[] =>
  run.votes.length === 0
    ? []
    : [
        run.votes.flatMap((vote, index): Span[] => [
          `${index === 0 ? '' : '  '}✔ ${vote.name} `,
          clock(vote.at),
        ]),
      ];

export const paramLines = (run: LiveRun): readonly Line[] => {
  const names = Object.keys(run.params);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => [
    `  ${name.padEnd(width)}  ${String(run.params[name])}${run.defaulted.includes(name) ? '   (default)' : ''}`,
  ]);
};

export const clock = (time: number): Span => ({ time, as: 'clock' });
export const soon = (time: number): Span => ({ time, as: 'relative' });

export const bound = (run: LiveRun, verb: Verb, label: string, style: 'primary' | 'danger'): Action => ({
  verb,
  label,
  runId: run.runId,
  bound: { epoch: run.epoch, digest: run.digest },
  style,
});

export const details = (run: LiveRun): Action => ({ verb: 'dt', label: 'Details', runId: run.runId });
export const log = (run: LiveRun): Action => ({ verb: 'lg', label: 'Log', runId: run.runId });
export const again = (run: LiveRun, label: string): Action => ({ verb: 'ra', label, runId: run.runId });
export const decisions = (run: LiveRun): readonly Action[] => [
  ...(isPreviewPending(run) ? [] : [bound(run, 'ap', 'Approve', 'primary')]),
  bound(run, 'dn', firstAsked(run) === undefined ? 'Deny' : 'Skip this time', 'danger'),
];

/** Whoever is asked too often can end that where they are asked. */
export const pauses = (run: LiveRun): readonly Action[] => {
  const trigger = firstAsked(run);
  return trigger === undefined ? [] : [{ verb: 'sp', label: 'Pause schedule', argument: trigger.schedule }];
};

/** `: "prod is in a freeze"`. */
export const reasonSpans = ({ reason }: { readonly reason?: string }): readonly Span[] =>
  reason === undefined ? [] : [`: ${quoted(reason)}`];

/** "3 of 3 attempts, 4m 02s", or only how long it took. */
export const triesWords = (run: LiveRun & { status: 'Failed' }): string => {
  const took = formatDuration(run.tookMs);
  return run.attempt > 1 ? `${run.attempt} of ${attemptsOf(run.attempt, run)} attempts, ${took}` : took;
};

/** "attempt 1 of 3 failed after 12s". */
export const lastTryWords = (run: LiveRun & { status: 'Dispatching' }): string => {
  const { lastStart, since } = run;
  const attempt = `attempt ${run.attempt - 1} of ${attemptsOf(run.attempt, run)}`;
  if (lastStart?.ended !== true) return `${attempt} was lost`;
  return `${attempt} failed after ${formatDuration(since - lastStart.at)}`;
};

/** "needs 1 of: Bob, Cho". Where roles must be covered these are named, with those who could. */
export const needed = (
  run: LiveRun,
  {
    deciders: names,
    lacking,
  }: { readonly deciders: readonly string[]; readonly lacking?: readonly Lacking[] },
): string => {
  const { have, need, missing } = tally(run.approval, run.votes);
  const self = run.selfApproval ? ' (self-approval allowed)' : '';
  const roles = missing.reduce((sum, { count }) => sum + count, 0);
  const more = need - have > roles ? `${need - have}, among them ` : '';
  if (missing.length > 0) return `needs ${more}${missingWords(lacking ?? missing)}${self}`;
  const who =
    names.length > 0 && names.length <= NAMES_MAX
      ? ` of: ${names.join(', ')}`
      : need === 1
        ? ' approval'
        : ' approvals';
  return `needs ${need}${who}${self}`;
};
