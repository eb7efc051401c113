import type { Rooms } from '../core/flows/messages/heard.ts';
import { dryRunTarget } from '../core/flows/runs/files-of.ts';
import type { JobVersion, Params, Target } from '../core/jobs/job.ts';
import type { ExecutionOutcome, ExecutionProgress, IWorkerExecutor } from '../core/ports/executor.ts';
import { PREVIEW } from '../core/runs/decide-preview.ts';
import type { Held } from './held.ts';
import { failed } from './process/outcome.ts';

export type Executors = Readonly<Record<Target['kind'], IWorkerExecutor>>;

export interface ExecuteOptions {
  readonly rooms: Pick<Rooms, 'observe'>;
  readonly executors: Executors;
  readonly secretOf: (name: string) => string | undefined;
}

/** What is to be run under a claim. */
export interface Wanted {
  readonly job: JobVersion;
  readonly params: Params;
  readonly attempt: number;
  readonly onProgress?: (progress: ExecutionProgress) => void;
  readonly onLine?: (line: string) => void;
}

/** Runs the target of a job to its end, whatever that is. Never rejects. */
export const execute = async (
  { rooms, executors, secretOf }: ExecuteOptions,
  held: Held,
  { job, params, attempt, onProgress = () => undefined, onLine }: Wanted,
): Promise<ExecutionOutcome> => {
  const { runId, epoch } = held.claimed.entry;
  const secrets = secretsOf(job.spec.secrets, secretOf);
  if (typeof secrets === 'string') return failed('spawn', `secret ${secrets} is not set on this worker`);
  try {
    return await executors[job.spec.target.kind].execute(
      { runId, epoch, attempt, job, params, idempotencyKey: keyOf(runId, epoch, attempt), secrets },
      { signal: held.abort.signal, onProgress, ...(onLine === undefined ? {} : { onLine }) },
    );
  } catch (error) {
    // A bug of ours; its text may hold anything, so it goes to the log and not to the chat.
    rooms.observe({ kind: 'loop_faulted', loop: 'worker-execute', error });
    return failed('spawn', 'the worker failed inside; its log says how');
  }
};

/** The same for every attempt of an epoch; a dry run must not use up what the attempts go by. */
const keyOf = (runId: string, epoch: number, attempt: number): string =>
  attempt === PREVIEW ? `${runId}:${epoch}:preview` : `${runId}:${epoch}`;

/** The values by name, or the first name that has none. */
const secretsOf = (
  names: readonly string[],
  secretOf: ExecuteOptions['secretOf'],
): Readonly<Record<string, string>> | string => {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = secretOf(name);
    if (value === undefined) return name;
    found[name] = value;
  }
  return found;
};

/** A dry run that takes longer tells nobody anything in time. */
const DRY_RUN_MS_MAX = 2 * 60_000;

/** The job whose target is the `preview` of this one, in its place and with its environment. */
export const dryRunJob = (job: JobVersion): JobVersion => {
  const { preview = [], target, timeoutMs } = job.spec;
  return {
    ...job,
    spec: {
      ...job.spec,
      target: dryRunTarget(target, preview),
      timeoutMs: Math.min(timeoutMs, DRY_RUN_MS_MAX),
    },
  };
};
