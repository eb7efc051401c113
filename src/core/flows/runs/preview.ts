import type { CapturedOutput, ExecutionOutcome } from '../../ports/executor.ts';
import type { Claimed } from '../../ports/store.ts';
import type { DryRun } from '../../runs/command.ts';
import { PREVIEW } from '../../runs/decide-preview.ts';
import type { Rooms } from '../messages/heard.ts';
import { dropEntry } from './attempt.ts';

export const dryRunOf = ({ kind, summary, output }: ExecutionOutcome): DryRun => ({
  ok: kind === 'succeeded',
  summary,
  sha256: output.sha256,
});

/** Puts the dry run of a question on record and lets people decide. Too late, it changes nothing. */
export const recordPreview =
  (rooms: Rooms, workerId: string) =>
  async ({ entry, fence }: Claimed, outcome: ExecutionOutcome): Promise<'recorded' | 'refused'> => {
    const { runId, epoch } = entry;
    const at = await rooms.store.now();
    const executed = await rooms.orchestrator.execute({
      runId,
      lease: { runId, fence, after: 'release' },
      output: { runId, epoch, attempt: PREVIEW, ...kept(outcome.output) },
      command: () => ({
        type: 'preview',
        by: { kind: 'worker', id: workerId },
        workerId,
        epoch,
        fence,
        seen: dryRunOf(outcome),
        at,
      }),
    });
    if (executed.outcome === 'committed' && executed.decision.ok) return 'recorded';
    const why = executed.outcome === 'committed' ? 'superseded' : executed.outcome;
    rooms.observe({ kind: 'report_refused', runId, workerId, why });
    if (executed.outcome === 'committed') await dropEntry(rooms, { entry, fence, waitedMs: 0 }, at);
    return 'refused';
  };

const kept = ({ head, tail, bytes }: CapturedOutput) => ({ head, tail, bytes });
