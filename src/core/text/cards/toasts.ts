import { tally } from '../../runs/approvals.ts';
import type { Refusal } from '../../runs/refusal.ts';
import type { LiveRun } from '../../runs/run.ts';
import { plainLine } from './plain.ts';
import { countedWords, firstAsked } from './run-words.ts';
import { explain } from './say.ts';

/** What whoever tapped Approve or Deny sees for a moment: the card says the rest. */
export const decidedToast = (
  verb: 'ap' | 'dn',
  run: LiveRun,
  { replies }: { readonly replies: boolean },
): string => {
  const { runId } = run;
  if (verb === 'dn') {
    if (run.status === 'Failed') return `${runId} ends as failed.`;
    if (firstAsked(run) !== undefined) return `Skipped ${runId}.`;
    return replies ? `Denied ${runId}. Reply to the card to add a reason.` : `Denied ${runId}.`;
  }
  if (run.status === 'Dispatching') return `Approved ${runId}`;
  if (run.status !== 'Approved') return `${countedWords(run)}. Nothing starts yet.`;
  const { need } = tally(run.approval, run.votes);
  return need > 1 ? `${countedWords(run)}. Ready to start.` : `Approved ${runId}. Ready to start.`;
};

/** Why a tap changed nothing. Whoever may not decide reads as whom we know them, and who may. */
export const refusedToast = (
  refusal: Refusal,
  run: LiveRun,
  { name, deciders }: { readonly name: string; readonly deciders: readonly string[] },
): string => {
  if (refusal.why !== 'may_not_decide') return plainLine(explain(refusal, run, deciders));
  const who = deciders.length === 0 ? '' : ` Approvers: ${deciders.join(', ')}.`;
  return `You are linked as ${name} but may not approve ${run.jobKey}.${who} Nothing changed.`;
};
