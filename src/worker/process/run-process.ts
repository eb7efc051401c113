import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AbortCause,
  CapturedOutput,
  ExecutionHooks,
  ExecutionOutcome,
} from '../../core/ports/executor.ts';
import { collectOutput } from './collect-output.ts';
import { type Guard, takeGuard } from './guard.ts';
import type { GuardLevel } from './guard-level.ts';
import { type HideSecrets, hideSecrets } from './hide-secrets.ts';
import { abortCause, abortWords, failed, succeeded, timeoutWords, timerMs } from './outcome.ts';
import { hasCode } from './process-table.ts';

export interface ProcessSpec {
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly timeoutMs: number;
  /** Between TERM and KILL. */
  readonly graceMs?: number;
  /** How long to read on after the exit, when a grandchild keeps the pipe open. */
  readonly drainMs?: number;
  /** Unique for this start; marks every descendant, so that none is missed when the tree is stopped. */
  readonly mark: string;
  readonly hide?: HideSecrets;
  /** No higher than this; else the highest that the machine gives. */
  readonly guard?: GuardLevel;
}

/** Runs one process to its end, whatever that is. Never a shell, never longer than the timeout and its grace. */
export const runProcess = async (spec: ProcessSpec, hooks: ExecutionHooks): Promise<ExecutionOutcome> => {
  if (hooks.signal.aborted) return aborted(hooks.signal);
  const guard = await takeGuard(spec.mark, spec.guard);
  if (hooks.signal.aborted) return unstarted(guard, aborted(hooks.signal));
  const child = start(spec, guard);
  if (child instanceof Error) return unstarted(guard, failed('spawn', await spawnWords(spec, child)));
  const ended = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise<'closed'>((resolve) => child.once('close', () => resolve('closed')));
  if (child.pid === undefined)
    return unstarted(guard, failed('spawn', await spawnWords(spec, await spawnError(ended))));
  const hide = spec.hide ?? hideSecrets({});
  const guarded = guard.follow(child.pid);
  child.once('exit', guarded.exited);
  const collected = collectOutput(child, hooks, hide);
  feed(child.stdin, spec.stdin);
  const stop = stopCause(hooks.signal, spec.timeoutMs);
  const first = await Promise.race([ended, stop.cause]);
  stop.dispose();
  if (typeof first === 'string') await guarded.stop(graceFor(first, spec.graceMs ?? GRACE_MS));
  const exit = typeof first === 'string' ? await within(ended, KILLED_MS_MAX) : first;
  await within(closed, spec.drainMs ?? DRAIN_MS);
  release(child);
  if (typeof first !== 'string') await guarded.end();
  const { output, lastLine } = collected.finish();
  const cause = typeof first === 'string' ? first : undefined;
  const told = guard.prefix.length === 0 ? undefined : entranceFault(exit?.code, output.head);
  if (cause === undefined && told !== undefined) return failed('spawn', await spawnWords(spec, told));
  return outcomeOf({ spec, cause, exit, output, lastLine });
};

/** A program that is being ended, or that has lost its claim to the run, has no time for a long goodbye. */
const graceFor = (cause: StopCause, graceMs: number): number =>
  cause === 'interrupted' || cause === 'lease_lost' ? Math.min(graceMs, SHORT_GRACE_MS) : graceMs;

const GRACE_MS = 10_000;
const SHORT_GRACE_MS = 4000;
const DRAIN_MS = 2000;
/** A process in an uninterruptible wait does not even die of KILL; the attempt ends without it. */
const KILLED_MS_MAX = 5000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
type StopCause = AbortCause | 'timeout';
interface Exit {
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly error?: Error;
}

export const aborted = (signal: AbortSignal): ExecutionOutcome => {
  const cause = abortCause(signal);
  return failed(cause, abortWords(cause));
};

const unstarted = (guard: Guard, outcome: ExecutionOutcome): ExecutionOutcome => {
  guard.release();
  return outcome;
};

/** The platform throws for some faults (NUL in an argument, too long a list) and emits others. */
const start = (spec: ProcessSpec, { prefix, environment }: Guard): Child | Error => {
  const [file = spec.file, ...args] = [...prefix, spec.file, ...spec.args];
  try {
    return spawn(file, args, {
      shell: false,
      detached: true,
      cwd: spec.cwd,
      env: { ...spec.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
};

const spawnError = async (ended: Promise<Exit>): Promise<Error> =>
  (await ended).error ?? new Error('the process has no id');

/** A job need not read its input; a closed pipe is its good right. */
const feed = (stdin: Writable, text: string): void => {
  stdin.on('error', () => undefined);
  stdin.end(text);
};

const stopCause = (signal: AbortSignal, timeoutMs: number) => {
  const { promise, resolve } = Promise.withResolvers<StopCause>();
  const onAbort = () => resolve(abortCause(signal));
  const timer = setTimeout(() => resolve('timeout'), timerMs(timeoutMs));
  signal.addEventListener('abort', onAbort, { once: true });
  const dispose = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  return { cause: promise, dispose };
};

const within = async <T>(promise: Promise<T>, ms: number): Promise<T | undefined> => {
  const waiting = new AbortController();
  const late = sleep(ms, undefined, { signal: waiting.signal }).catch(() => undefined);
  const result = await Promise.race([promise, late]);
  waiting.abort();
  return result;
};

/** Lets go of pipes that a grandchild may hold for days, and of a child that cannot die. */
const release = (child: Child): void => {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  child.unref();
};

interface Ending {
  readonly spec: ProcessSpec;
  readonly cause: StopCause | undefined;
  readonly exit: Exit | undefined;
  readonly output: CapturedOutput;
  readonly lastLine: string;
}

const outcomeOf = ({ spec, cause, exit, output, lastLine }: Ending): ExecutionOutcome => {
  const code = exit?.code ?? undefined;
  const signal = exit?.signal ?? undefined;
  const how = {
    ...(code === undefined ? {} : { exitCode: code }),
    ...(signal === undefined ? {} : { signal }),
  };
  if (cause !== undefined)
    return { ...failed(cause, withWords(stopWords(spec, cause), lastLine), output), ...how };
  if (code === 0) return succeeded(lastLine || 'exit 0', output);
  if (code === undefined)
    return { ...failed('signal', withWords(`killed by ${signal}`, lastLine), output), ...how };
  return {
    ...failed('exit', lastLine === '' ? `exit ${code}` : `${lastLine} (exit ${code})`, output),
    ...how,
  };
};

/** The fact first, because the job's own last words do not know it: "timed out after 3 s: dump orders 6.1 GB". */
const withWords = (fact: string, lastLine: string): string =>
  lastLine === '' ? fact : `${fact}: ${lastLine}`;

const stopWords = (spec: ProcessSpec, cause: StopCause): string =>
  cause === 'timeout' ? timeoutWords(spec.timeoutMs) : abortWords(cause);

/** Names the program and the fault; never the arguments, which may hold what people typed. */
const spawnWords = async (spec: ProcessSpec, error: Error): Promise<string> => {
  const cwd = await stat(spec.cwd).catch(() => undefined);
  if (cwd?.isDirectory() !== true) return `cannot start ${spec.file}: the folder ${spec.cwd} does not exist`;
  return `cannot start ${spec.file}: ${faultWords(error)}`;
};

/** The programs that lead into a namespace say for themselves why they could not start the job. */
const entranceFault = (code: number | null | undefined, head: string): Error | undefined => {
  if (code !== 1 && code !== 126 && code !== 127) return undefined;
  const words = /^(?:nsenter|setsid): (.*)/.exec(head)?.[1];
  if (words === undefined) return undefined;
  return Object.assign(new Error(words), { code: ERRNO.find(([text]) => words.endsWith(text))?.[1] });
};

const ERRNO = [
  ['No such file or directory', 'ENOENT'],
  ['Permission denied', 'EACCES'],
  ['Argument list too long', 'E2BIG'],
] as const;

const faultWords = (error: Error): string => {
  if (hasCode(error, 'ENOENT')) return 'no such file, or its interpreter is missing';
  if (hasCode(error, 'EACCES')) return 'it is not executable';
  if (hasCode(error, 'E2BIG')) return 'the arguments are too long';
  if (hasCode(error, 'ERR_INVALID_ARG_VALUE')) return 'an argument contains a NUL character';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};
