import { setTimeout as timer } from 'node:timers/promises';
import type {
  ExecutionHooks,
  ExecutionOutcome,
  ExecutionRequest,
  IWorkerExecutor,
} from '../../core/ports/executor.ts';
import { abortCause, abortWords, failed, succeeded, timeoutWords } from '../process/outcome.ts';
import { outputCapture } from '../process/output-capture.ts';

export interface DemoOptions {
  /** Waits; ends early, by returning or by an abort error, when the signal is raised. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Plays a job, so that the dialogue can be tried before there is one. */
export const demoExecutor = (options: DemoOptions = {}): IWorkerExecutor => ({
  kind: 'demo',
  execute: async (request, hooks) => {
    const { target } = request.job.spec;
    if (target.kind !== 'demo')
      throw new Error(`job ${request.job.key}: a demo was expected, not ${target.kind}`);
    const log = demoLog();
    if (hooks.signal.aborted) return stopped(hooks.signal, log);
    switch (target.behaviour ?? 'succeed') {
      case 'succeed':
        return completed(request, log);
      case 'slow':
        return playSlowly(options.sleep ?? sleep, { request, hooks, log });
      case 'flaky':
        return request.attempt < FLAKY_SUCCEEDS_AT ? lostConnection(log) : completed(request, log);
    }
  },
});

const SLOW_STEPS = 10;
const SLOW_STEP_MS = 1000;
const FLAKY_SUCCEEDS_AT = 3;

interface Play {
  readonly request: ExecutionRequest;
  readonly hooks: ExecutionHooks;
  readonly log: DemoLog;
}

const playSlowly = async (
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
  { request, hooks, log }: Play,
): Promise<ExecutionOutcome> => {
  const { timeoutMs } = request.job.spec;
  for (let step = 1; step <= SLOW_STEPS; step += 1) {
    const left = timeoutMs - (step - 1) * SLOW_STEP_MS;
    await untilAbort(wait(Math.min(SLOW_STEP_MS, left), hooks.signal), hooks.signal);
    if (hooks.signal.aborted) return stopped(hooks.signal, log);
    if (left < SLOW_STEP_MS) return failed('timeout', timeoutWords(timeoutMs), log.output());
    const text = `step ${step} of ${SLOW_STEPS}`;
    log.say(text);
    hooks.onProgress({ percent: (step * 100) / SLOW_STEPS, text });
  }
  return completed(request, log);
};

const sleep = (ms: number, signal: AbortSignal): Promise<void> => timer(ms, undefined, { signal });

const untilAbort = async (waiting: Promise<void>, signal: AbortSignal): Promise<void> => {
  try {
    await waiting;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

const completed = ({ job }: ExecutionRequest, log: DemoLog): ExecutionOutcome => {
  const summary = `Job '${job.key}' completed successfully`;
  log.say(summary);
  return succeeded(summary, log.output());
};

const lostConnection = (log: DemoLog): ExecutionOutcome => {
  const summary = 'connection to db1 lost while copying table orders';
  log.say(summary);
  return { ...failed('exit', summary, log.output()), exitCode: 1 };
};

const stopped = (signal: AbortSignal, log: DemoLog): ExecutionOutcome => {
  const cause = abortCause(signal);
  return failed(cause, abortWords(cause), log.output());
};

interface DemoLog {
  say(line: string): void;
  output(): ExecutionOutcome['output'];
}

const demoLog = (): DemoLog => {
  const capture = outputCapture();
  return { say: (line) => capture.write(Buffer.from(`${line}\n`)), output: capture.finish };
};
