import { AsyncResource } from 'node:async_hooks';
import type {
  ExecutionHooks,
  ExecutionOutcome,
  ExecutionRequest,
  IWorkerExecutor,
} from '../../../src/core/ports/executor.ts';
import { PREVIEW } from '../../../src/core/runs/decide-preview.ts';
import type { Executors } from '../../../src/worker/execute.ts';
import { abortCause, abortWords, failed, succeeded } from '../../../src/worker/process/outcome.ts';
import type { Dice } from '../time/dice.ts';
import { gone, type Passage } from './passage.ts';
import type { Program, World } from './world.ts';

/** One start of a job's process, as the operating system saw it. */
export interface Start {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly program: Program;
  readonly at: number;
  readonly request: ExecutionRequest;
  endedAt?: number;
}

/** The processes of all jobs, with a list of their own of everything that ever started. */
export interface Jobs {
  readonly executorsFor: (program: Program, passage: Passage) => Executors;
  readonly starts: readonly Start[];
  readonly running: () => readonly Start[];
  /** What a process of the program had running dies with it: its guardian sees to that. */
  readonly endOf: (program: Program) => void;
}

export interface JobsParts {
  readonly world: World;
  readonly onStart: (start: Start) => void;
}

export const newJobs = ({ world, onStart }: JobsParts): Jobs => {
  const starts: Start[] = [];
  const execute =
    (program: Program, passage: Passage): IWorkerExecutor['execute'] =>
    async (request, hooks) => {
      // The start is on record by now; whoever dies here leaves an attempt that nobody ever saw.
      if (passage.dies('crash between intent and start')) return gone();
      await passage.hop();
      if (request.attempt === PREVIEW) return shown(world, program, hooks);
      if (hooks.signal.aborted) return aborted(hooks.signal);
      await forks(world, program);
      const { runId, epoch, attempt } = request;
      const start: Start = { runId, epoch, attempt, program, at: world.time.now(), request };
      world.write(program, `process of ${runId} begins (epoch ${epoch}, attempt ${attempt})`);
      starts.push(start);
      onStart(start);
      const outcome = await played(world, request, hooks);
      start.endedAt = world.time.now();
      world.write(
        program,
        `process of ${runId} ends: ${outcome.kind === 'failed' ? outcome.reason : 'succeeded'}`,
      );
      return passage.dies('crash after call') ? gone() : outcome;
    };
  return {
    executorsFor: (program, passage) => {
      const one = { execute: execute(program, passage) };
      return {
        command: { kind: 'command', ...one },
        http: { kind: 'http', ...one },
        demo: { kind: 'demo', ...one },
      };
    },
    starts,
    running: () => starts.filter(({ endedAt }) => endedAt === undefined),
    endOf: (program) => {
      for (const start of starts) if (start.program === program) start.endedAt ??= world.time.now();
    },
  };
};

/** A dry run starts nothing that counts; now and then it says something else than before, or nothing in time. */
const shown = async (
  { dice, time }: World,
  program: Program,
  { signal }: ExecutionHooks,
): Promise<ExecutionOutcome> => {
  const { jobs } = dice;
  await new Promise<void>((resolve) => void time.after(jobs.between(10, 3000), resolve, program));
  if (signal.aborted) return aborted(signal);
  const plan = { ...OUTPUT, sha256: (jobs.chance(0.2) ? 'd' : 'e').repeat(64) };
  return jobs.chance(0.1) ? failed('exit', 'exit code 1', plan) : succeeded('would do this', plan);
};

/** A machine that is short of memory takes its time to make a process, and nobody can call that off. */
const forks = async ({ dice, time }: World, program: Program): Promise<void> => {
  if (!dice.jobs.chance(0.3)) return;
  await new Promise<void>((resolve) => void time.after(dice.jobs.between(10, 900), resolve, program));
};

const aborted = (signal: AbortSignal): ExecutionOutcome => {
  const cause = abortCause(signal);
  return failed(cause, abortWords(cause));
};

interface Part {
  readonly ms: number;
  readonly outcome: ExecutionOutcome;
  readonly steps: number;
}

const partOf = (dice: Dice, { job, attempt }: ExecutionRequest): Part => {
  const { leaseful, outcome } = dice.weighted<{ leaseful: number; outcome: 'done' | 'exit' | 'late' }>([
    [6, { leaseful: 0.1, outcome: 'done' }],
    [3, { leaseful: 3, outcome: 'done' }],
    [3, { leaseful: 0.2, outcome: 'exit' }],
    [1, { leaseful: 1, outcome: 'late' }],
  ]);
  const ms = outcome === 'late' ? job.spec.timeoutMs : dice.between(1, 10_000 * leaseful);
  const over = {
    done: succeeded(`done at try ${attempt}`, OUTPUT),
    exit: { ...failed('exit', 'exit code 3', OUTPUT), exitCode: 3 },
    late: failed('timeout', 'timed out', OUTPUT),
  } as const;
  return ms >= job.spec.timeoutMs
    ? { ms: job.spec.timeoutMs, outcome: over.late, steps: 2 }
    : { ms, outcome: over[outcome], steps: dice.below(4) };
};

const OUTPUT = { head: 'line one\nline two\n', tail: '', bytes: 18, sha256: 'c'.repeat(64) };

/** Works for a while, says now and then how far it is, and ends by itself or because it is told to. */
const played = (world: World, request: ExecutionRequest, { signal, onProgress }: ExecutionHooks) =>
  new Promise<ExecutionOutcome>((resolve) => {
    const dice = world.dice.jobs;
    const { time } = world;
    const { ms, outcome, steps } = partOf(dice, request);
    // What a process writes is heard in the scope of whoever started it.
    const tell = AsyncResource.bind(onProgress);
    const ending = time.after(ms, () => resolve(outcome));
    for (let step = 1; step <= steps; step += 1) {
      time.after((ms * step) / (steps + 1), () =>
        tell({ percent: Math.round((100 * step) / (steps + 1)), text: `step ${step}` }),
      );
    }
    const ends = (): void => {
      ending.cancelled = true;
      // TERM first, and KILL when that is not heard.
      const graceMs = world.strikes('job deaf') ? 2000 : dice.between(1, 100);
      time.after(graceMs, () => resolve(aborted(signal)));
    };
    // It may have been called off while the process was being made.
    if (signal.aborted) ends();
    else signal.addEventListener('abort', ends, { once: true });
  });
