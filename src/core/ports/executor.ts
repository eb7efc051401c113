import type { JobVersion, Params, Target } from '../jobs/job.ts';

export interface ExecutionRequest {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly job: JobVersion;
  readonly params: Params;
  /** `<run>:<epoch>`: the same for every attempt of an epoch, so a job can make itself idempotent. */
  readonly idempotencyKey: string;
  /** Values of the secrets that the job names. Never logged, never part of argv. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What a process wrote, stdout and stderr in order of arrival: the first 64 KB and the last 192 KB. */
export interface CapturedOutput {
  readonly head: string;
  /** Empty when everything fitted into `head`. */
  readonly tail: string;
  /** Everything that was written, also what was not kept. */
  readonly bytes: number;
  /** SHA-256 over everything that was written, lower-case hex. */
  readonly sha256: string;
}

/** Why an attempt did not succeed. `exit` carries the code in the outcome. */
export type FailureReason =
  | 'exit'
  | 'signal'
  | 'timeout'
  | 'spawn'
  | 'http'
  | 'canceled'
  | 'lease_lost'
  | 'interrupted';

export type ExecutionOutcome =
  | { readonly kind: 'succeeded'; readonly summary: string; readonly output: CapturedOutput }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** One line, at most 200 characters, in the job's own words where there are any. */
      readonly summary: string;
      readonly exitCode?: number;
      readonly signal?: string;
      readonly output: CapturedOutput;
    };

export interface ExecutionProgress {
  /** 0 to 100, when the job said so. */
  readonly percent?: number;
  readonly text: string;
}

/** Reasons that `AbortSignal.reason` carries into an executor. */
export type AbortCause = 'canceled' | 'lease_lost' | 'interrupted';

export interface ExecutionHooks {
  /** Aborting kills the whole process tree; the outcome then carries the cause as its reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExecutionProgress) => void;
  /** Every whole line that is written, without secrets, while it runs; for whoever watches. */
  readonly onLine?: (line: string) => void;
}

/** Runs one attempt. Resolves with an outcome for everything a job can do; it rejects only on our own bugs. */
export interface IWorkerExecutor {
  readonly kind: Target['kind'];
  execute(request: ExecutionRequest, hooks: ExecutionHooks): Promise<ExecutionOutcome>;
}

/**
 * Names the bytes that a target would run: path → SHA-256 of the file. Part of the digest that people approve, so a
 * script that is swapped after the approval is not started.
 */
export type Fingerprint = (target: Target) => Promise<Readonly<Record<string, string>>>;
