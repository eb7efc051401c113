import { setTimeout as pause } from 'node:timers/promises';
import type { Store, StoredRun } from '../core/ports/store.ts';
import type { RunStatus } from '../core/runs/run.ts';
import { noRun } from '../core/text/cards/say.ts';
import { formatDuration } from '../core/time/duration.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './voice/exit-codes.ts';
import { oneLine } from './voice/plain-text.ts';
import { Stop } from './voice/stop.ts';

/** A run that is still on its way when the wait ends was not done in time. */
export const EXIT_OF_STATUS: Readonly<Record<RunStatus, ExitCode>> = {
  Created: EXIT.timedOut,
  AwaitingApproval: EXIT.timedOut,
  Approved: EXIT.timedOut,
  Dispatching: EXIT.timedOut,
  Running: EXIT.timedOut,
  Succeeded: EXIT.done,
  Failed: EXIT.runFailed,
  Denied: EXIT.runNotDone,
  Canceled: EXIT.runNotDone,
  Expired: EXIT.runNotDone,
};

export const foundRun = async (store: Store, runId: string): Promise<StoredRun> => {
  const run = (await store.runs.find([runId])).get(runId);
  if (run === undefined) throw new Stop({ code: 'RUN_NOT_FOUND', message: noRun(oneLine(runId)), runId });
  return run;
};

const POLL_MS = 250;

/** The run once it is over, or as it is when the time is over. */
export const waitFor = async (
  store: Store,
  runId: string,
  { io, voice }: CliContext,
  timeoutMs: number | undefined,
): Promise<StoredRun> => {
  const deadline = io.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  for (;;) {
    const run = await foundRun(store, runId);
    if (EXIT_OF_STATUS[run.state.status] !== EXIT.timedOut) return run;
    const left = deadline - io.now();
    if (left <= 0 || io.signal?.aborted === true) {
      voice.talk(`Not over after ${formatDuration(timeoutMs ?? 0)}.`);
      return run;
    }
    await pause(Math.min(POLL_MS, left));
  }
};
