import { randomUUID } from 'node:crypto';
import type { CommandTarget } from '../../core/jobs/job.ts';
import type { ExecutionRequest, IWorkerExecutor } from '../../core/ports/executor.ts';
import type { GuardLevel } from '../process/guard-level.ts';
import { hideSecrets } from '../process/hide-secrets.ts';
import { failed } from '../process/outcome.ts';
import { aborted, type ProcessSpec, runProcess } from '../process/run-process.ts';
import { type Environment, findProgram, workingFolder } from './find-program.ts';
import { fillText, isPlaceholder, type Unfilled } from './placeholders.ts';

export interface CommandOptions {
  /** The folder of textops.yaml: programs and `cwd` are relative to it. */
  readonly baseDir: string;
  /** Ours; a job sees only the names that it lists. */
  readonly environment: Environment;
  readonly graceMs?: number;
  readonly drainMs?: number;
  /** Marks the processes of one start; unique. */
  readonly newMark?: () => string;
  /** No higher than this. */
  readonly guard?: GuardLevel;
}

/** Runs a program by its argument vector. No shell ever reads what a person typed. */
export const commandExecutor = (options: CommandOptions): IWorkerExecutor => ({
  kind: 'command',
  execute: async (request, hooks) => {
    if (hooks.signal.aborted) return aborted(hooks.signal);
    const { target } = request.job.spec;
    if (target.kind !== 'command')
      throw new Error(`job ${request.job.key}: a command was expected, not ${target.kind}`);
    const spec = await processSpec(options, target, request);
    if ('why' in spec) return failed('spawn', `cannot start ${target.command[0] ?? 'the job'}: ${spec.why}`);
    return runProcess(spec, hooks);
  },
});

const processSpec = async (
  options: CommandOptions,
  target: CommandTarget,
  request: ExecutionRequest,
): Promise<ProcessSpec | Unfilled> => {
  const [program, ...rest] = target.command;
  if (program === undefined) return { why: 'the command is empty' };
  // What runs is part of the approval; a parameter that chose the program would choose anything.
  if (isPlaceholder(program)) return { why: 'the program itself cannot be a parameter' };
  const args = argumentsOf(rest, request);
  if ('why' in args) return args;
  const file = await findProgram(program, options.baseDir, options.environment);
  if (file === undefined) return { why: 'no such program on the PATH' };
  return {
    file,
    args: args.list,
    cwd: workingFolder(target.cwd, options.baseDir),
    env: childEnvironment(target.env, options.environment, request),
    stdin: `${JSON.stringify(request.params)}\n`,
    timeoutMs: request.job.spec.timeoutMs,
    mark: (options.newMark ?? randomUUID)(),
    hide: hideSecrets(request.secrets),
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
    ...(options.guard === undefined ? {} : { guard: options.guard }),
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
  };
};

const argumentsOf = (
  templates: readonly string[],
  { job, params }: ExecutionRequest,
): { readonly list: readonly string[] } | Unfilled => {
  const list: string[] = [];
  for (const template of templates) {
    const filled = fillText(template, job.spec.params, params);
    if (typeof filled !== 'string') return filled;
    if (filled.includes('\0')) return { why: 'an argument contains a NUL character' };
    list.push(filled);
  }
  // A parameter that is not an argument still reaches the job on its standard input.
  const hidden = Object.entries(params).find(([, value]) => String(value).includes('\0'));
  return hidden === undefined ? { list } : { why: `parameter "${hidden[0]}" contains a NUL character` };
};

/** Only named variables are inherited. Ours come last: a secret cannot pretend to be the run's id. */
const childEnvironment = (
  names: readonly string[],
  environment: Environment,
  request: ExecutionRequest,
): Readonly<Record<string, string>> => {
  const inherited = names.flatMap((name) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...request.secrets,
    // Node's pipes are sockets, and bash at level 0 takes a socket on stdin for a remote shell and runs ~/.bashrc.
    SHLVL: '1',
    TEXTOPS_RUN_ID: request.runId,
    TEXTOPS_ATTEMPT: String(request.attempt),
    TEXTOPS_IDEMPOTENCY_KEY: request.idempotencyKey,
  };
};
