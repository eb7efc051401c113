import { isPreviewPending } from '../../runs/decide-preview.ts';
import type { Payloads } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import { zonedClock } from '../../time/zoned.ts';
import { clock, soon } from '../cards/card-parts.ts';
import type { Line } from '../cards/rich.ts';
import { firstAsked, unusualWords } from '../cards/run-words.ts';
import { scheduledQuestion } from '../schedules/schedule-card.ts';

// What is said between a question and its answer.

/** The question as a channel without cards hears it. */
export const questionOf = (run: LiveRun, decideBy: number): string => {
  const { runId, jobKey } = run;
  const trigger = firstAsked(run);
  if (isPreviewPending(run))
    return `Job "${jobKey}" (${runId}) is previewed first; you are asked with the result.`;
  const question =
    trigger === undefined
      ? `Job "${jobKey}" is ready. Reply YES ${runId} to approve or NO ${runId} to deny.`
      : scheduledQuestion(run, trigger, decideBy);
  return run.unusual === undefined ? question : `${question}\n${unusualWords(run.unusual)}`;
};

interface Told {
  readonly lines: readonly Line[];
  readonly plain: string;
}

/** Somebody should look, and there is still time. */
export const reminder = (
  { runId, jobKey, trigger }: LiveRun,
  { decideBy }: Payloads['ApprovalReminded'],
): Told => {
  const zone = trigger?.timezone ?? 'UTC';
  return {
    lines: [[`⏳ Still waiting: ${jobKey} · ${runId} · expires `, soon(decideBy), ' · reminder 1 of 1']],
    plain:
      `Still waiting for an answer: job "${jobKey}". Reply YES ${runId} to approve or NO ${runId} to deny, ` +
      `by ${zonedClock(decideBy, zone)} ${zone}.`,
  };
};

/** For a conversation that is asked because nobody answered where it was asked first. */
export const escalation = (run: LiveRun, decideBy: number): Told => ({
  lines: [
    [
      `⏳ ${run.jobKey} (${run.runId}) is not decided yet, so you are asked too; expires `,
      soon(decideBy),
      '.',
    ],
  ],
  plain: `This is not decided yet, so you are asked too. ${questionOf(run, decideBy)}`,
});

/** Where somebody else should have been asked, and there is nobody. */
export const nobodyBehind = ({ runId, jobKey }: LiveRun, to: string): Told => {
  const words = `⚠️ ${jobKey} (${runId}) is not decided yet, and nobody is there to be asked as ${whom(to)}.`;
  return { lines: [[words]], plain: words };
};

/** On the card, as long as it waits. */
export const escalatedLines = (run: LiveRun): readonly Line[] =>
  run.status === 'AwaitingApproval' && run.escalated !== undefined
    ? [escalatedLine(run.escalated.to, run.escalated.at)]
    : [];

/** The same behind `why`. */
export const escalatedLine = (to: string, at: number): Line => [
  'Not decided by ',
  clock(at),
  `, so ${whom(to)} was asked too.`,
];

/** Who is asked then, in words: a role, another chat, a person. */
export const whom = (to: string): string => {
  if (to.startsWith('role:')) return `the role ${to.slice('role:'.length)}`;
  return to.includes(':') ? 'another chat' : to;
};
