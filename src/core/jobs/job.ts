import { RETRIES } from '../time/retries.ts';

/** A job as the catalog knows it. Everything here is frozen into a version; a change makes a new version. */

export type ParamType = 'string' | 'integer' | 'number' | 'boolean' | 'duration';

/**
 * A resolved value. Integers and booleans are themselves; a `number` is kept as its decimal text ("0.5") and a
 * `duration` as its shortest text ("90s"), because the history hashes integers and text only, never floats.
 */
export type ParamValue = string | number | boolean;

export type Params = Readonly<Record<string, ParamValue>>;

export interface ParamSpec {
  readonly type: ParamType;
  readonly required: boolean;
  readonly default?: ParamValue;
  readonly enum?: readonly ParamValue[];
  /** Bounds of an integer or number (as written) or of a duration (milliseconds). */
  readonly min?: number;
  readonly max?: number;
  /** A regular expression that the whole text must match. */
  readonly pattern?: string;
  readonly maxLength?: number;
  /** A value starting with "-" could turn into an option of the program; only a job that says so takes it. */
  readonly allowDash?: boolean;
}

/** argv, never a shell. `{name}` as a whole argument stands for that parameter. */
export interface CommandTarget {
  readonly kind: 'command';
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Names of environment variables that the process may inherit. */
  readonly env: readonly string[];
}

export interface HttpTarget {
  readonly kind: 'http';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

/** Built in: succeeds at once, or follows the small script in `behaviour` (the sample catalog uses it). */
export interface DemoTarget {
  readonly kind: 'demo';
  readonly behaviour?: 'succeed' | 'slow' | 'flaky';
}

export type Target = CommandTarget | HttpTarget | DemoTarget;

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface RetryPolicy {
  readonly attemptsMax: number;
  readonly delayMsMin: number;
  readonly delayMsMax: number;
}

export interface ApprovalPolicy {
  readonly policy: 'required' | 'never';
  /** Distinct people who must say yes. */
  readonly quorum: number;
  /** `role:NAME` or the id of a person. Empty means nobody. */
  readonly approvers: readonly string[];
  /** All of these must be covered as well, each by distinct people. */
  readonly needs: readonly { readonly role: string; readonly count: number }[];
  /** Whether the person who asked may decide too; undefined: only in the dev profile, on dev and terminal. */
  readonly self?: boolean;
  readonly decideByMs: number;
  readonly startByMs: number;
  /** How long before decide-by the reminder goes out, milliseconds. */
  readonly remindMs?: number;
  readonly escalate?: { readonly afterMs: number; readonly to: string };
}

/** Days and hours in which a heavy run may start. Times are `HH:MM` in `timezone`. */
export interface StartWindow {
  readonly days: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

export interface JobSpec {
  readonly title: string;
  readonly target: Target;
  readonly params: Readonly<Record<string, ParamSpec>>;
  /** What the job acts on, in words for the card ("prod db1"). */
  readonly acts?: string;
  /** Names of secrets; values are fetched by the worker and never stored. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
  readonly heavy: boolean;
  /** `idempotent`: a lost attempt may be started again. `unknown`: a person is asked. */
  readonly effects: 'idempotent' | 'unknown';
  readonly retry: RetryPolicy;
  readonly approval: ApprovalPolicy;
  /** Who may ask: `role:NAME` or the id of a person. */
  readonly requesters: readonly string[];
  /** Larger is sooner. */
  readonly priority: number;
  /** Runs of this job that may execute at the same time; absent: as many as there are slots. */
  readonly concurrency?: number;
  readonly window?: StartWindow;
  readonly preview?: readonly string[];
}

export type JobSource = 'file' | 'sample' | 'api' | 'adhoc' | 'own';

export interface JobVersion {
  readonly key: string;
  /** From 1; 0 is in no catalog: the ad-hoc demo job of the dev profile, and the program's own. */
  readonly version: number;
  readonly source: JobSource;
  readonly spec: JobSpec;
}

export const JOB_DEFAULTS = {
  timeoutMs: 10 * 60_000,
  quorum: 1,
  approvers: ['role:approver'],
  requesters: ['role:operator'],
  decideByMs: 30 * 60_000,
  startByMs: 30 * 60_000,
  retry: {
    attemptsMax: RETRIES.attempt.triesMax,
    delayMsMin: RETRIES.attempt.pauseMsMin,
    delayMsMax: RETRIES.attempt.pauseMsMax,
  },
} as const;

/** What the `demo` executor runs for a key that no catalog knows (dev profile, dev door and terminal only). */
export const adHocJob = (key: string): JobVersion => ({
  key,
  version: 0,
  source: 'adhoc',
  spec: plainSpec({ title: '', target: { kind: 'demo' } }),
});

/** A job with every default filled in. */
export const plainSpec = (given: Partial<JobSpec> & Pick<JobSpec, 'title' | 'target'>): JobSpec => ({
  params: {},
  secrets: [],
  timeoutMs: JOB_DEFAULTS.timeoutMs,
  heavy: false,
  effects: given.target.kind === 'demo' ? 'idempotent' : 'unknown',
  retry: JOB_DEFAULTS.retry,
  approval: {
    policy: 'required',
    quorum: JOB_DEFAULTS.quorum,
    approvers: JOB_DEFAULTS.approvers,
    needs: [],
    decideByMs: JOB_DEFAULTS.decideByMs,
    startByMs: JOB_DEFAULTS.startByMs,
  },
  requesters: JOB_DEFAULTS.requesters,
  priority: 0,
  ...given,
});
