import { askSelfTest, hindrance } from '../../core/flows/ops/self-test.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { formatDuration } from '../../core/time/duration.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';
import { EXIT_OF_STATUS, waitFor } from '../wait-for.ts';
import { withRooms } from '../with-rooms.ts';

export interface SelfTestOptions {
  /** Milliseconds. */
  readonly wait: number;
}

/**
 * `textops selftest`: whether what runs here takes a run from the queue, works it off and writes down its end. What somebody has
 * stopped on purpose is no fault of the program: then it says so, and nothing was tested.
 */
export const selfTest = async (context: CliContext, { wait }: SelfTestOptions): Promise<ExitCode> => {
  const { voice, settings } = context;
  if (settings().queue === 'memory') throw untested('QUEUE=memory keeps the queue in the program itself');
  return withRooms(context, async (rooms) => {
    const asked = await askSelfTest(rooms);
    if (asked.kind === 'hindered') throw untested(asked.because);
    const { state } = await waitFor(rooms.store, asked.runId, context, wait);
    const code = EXIT_OF_STATUS[state.status];
    const because = code === EXIT.timedOut ? await hindrance(rooms) : undefined;
    if (because !== undefined) throw untested(because);
    const { runId, status } = state;
    if (voice.json) voice.document('selftest', { runId, status });
    else voice.data(wordsOf(state, wait));
    return code;
  });
};

const untested = (because: string): Stop =>
  new Stop({ code: 'REFUSED', message: `Nothing was tested: ${because}.` });

const wordsOf = (run: LiveRun, waitMs: number): string => {
  const { runId, status } = run;
  switch (status) {
    case 'Succeeded':
      return `The self-test ${runId} went through queue, worker and history in ${run.endedAt - run.createdAt} ms.`;
    case 'Failed':
      return `The self-test ${runId} failed: ${run.summary}.`;
    case 'Running':
      return `The self-test ${runId} was taken by ${run.workerId} and has no end after ${formatDuration(waitMs)}.`;
    case 'Dispatching':
      return `No worker took the self-test ${runId} within ${formatDuration(waitMs)}.`;
    default:
      return `The self-test ${runId} is ${status}.`;
  }
};
