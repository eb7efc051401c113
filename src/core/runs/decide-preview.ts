import type { DryRun, RunCommand } from './command.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { event } from './record.ts';
import type { Facts, LiveRun } from './run.ts';

/** Dry runs stand in the queue like attempts; there is no attempt of this number. */
export const PREVIEW = 0;

/** Whether the question of this epoch still waits for its dry run. Until then nobody can say yes to it. */
export const isPreviewPending = ({ previews, preview, epoch }: Facts): boolean =>
  previews === true && preview?.epoch !== epoch;

/** Whether a heavy run would do something else now than what people saw when they approved it. */
export const hasPreviewChanged = ({ heavy, previews, preview }: Facts, seen: DryRun | undefined): boolean =>
  heavy && previews === true && (seen?.ok !== preview?.ok || seen?.sha256 !== preview?.sha256);

/** A worker has done the dry run of the question that stands. */
export const decidePreview = (
  state: LiveRun,
  command: Extract<RunCommand, { type: 'preview' }>,
): Decision => {
  if (command.by.kind !== 'worker') return refuse({ why: 'only_workers_report' });
  const { epoch, fence, workerId, seen } = command;
  const isAwaited = state.status === 'AwaitingApproval' && state.epoch === epoch && isPreviewPending(state);
  if (!isAwaited || fence <= state.fence) return refuse({ why: 'superseded', fence: state.fence });
  return accept(event('PreviewRecorded', command, { ...seen, epoch, WorkerId: workerId, fence }));
};
