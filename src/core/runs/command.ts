import type { JobVersion, Params } from '../jobs/job.ts';
import type { Actor } from '../people/person.ts';
import type { Instant } from '../time/instant.ts';
import type { Origin } from './run.ts';

/** A condition that must hold before a heavy run starts. */
export interface Gate {
  readonly name: 'freeze' | 'window' | 'worker';
  readonly met: boolean;
  /** "freeze off", "worker w1 alive"; when unmet also who or what can clear it. */
  readonly words: string;
}

export interface RequestCommand {
  readonly type: 'request';
  readonly runId: string;
  readonly job: JobVersion;
  readonly params: Params;
  readonly defaulted: readonly string[];
  readonly by: Actor;
  readonly origin: Origin;
  readonly selfApproval: boolean;
  /** A never-policy that may act without people: always in dev, otherwise once two owners accepted the version. */
  readonly neverAccepted: boolean;
  readonly files: Readonly<Record<string, string>>;
  readonly schedule?: { readonly key: string; readonly dueAt: Instant };
  readonly at: Instant;
}

/** What somebody wants of a run that they have seen. */
export interface Wish {
  readonly by: Actor;
  readonly at: Instant;
  /** The epoch that was answered. A run that has asked anew since is another question, with other bytes perhaps. */
  readonly seenEpoch?: number;
}

/** Everything that can be asked of a run. There is no second door. */
export type RunCommand =
  | RequestCommand
  | (Wish & { readonly type: 'approve' })
  | (Wish & { readonly type: 'deny'; readonly reason?: string })
  | (Wish & {
      readonly type: 'resume';
      readonly gates: readonly Gate[];
      /** Ids of the voters who still hold the right. */
      readonly entitled: readonly string[];
    })
  | (Wish & { readonly type: 'cancel' })
  | (Wish & { readonly type: 'recover'; readonly leaseExpired: boolean; readonly retry?: RetryLeave })
  | { readonly type: 'expire'; readonly by: Actor; readonly at: Instant }
  | {
      readonly type: 'start';
      readonly by: Actor;
      readonly workerId: string;
      readonly epoch: number;
      readonly attempt: number;
      readonly fence: number;
      readonly specHash: string;
      readonly files: Readonly<Record<string, string>>;
      readonly entitled: readonly string[];
      readonly at: Instant;
    }
  | {
      readonly type: 'progress';
      readonly by: Actor;
      readonly fence: number;
      readonly percent?: number;
      readonly text: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'finish';
      readonly by: Actor;
      readonly fence: number;
      readonly result: AttemptResult;
      /** In [0,1): spreads retries. */
      readonly chance: number;
      readonly retry?: RetryLeave;
      readonly at: Instant;
    }
  | {
      readonly type: 'lose';
      readonly by: Actor;
      readonly fence: number;
      readonly lastBeat: Instant;
      readonly chance: number;
      readonly retry?: RetryLeave;
      readonly at: Instant;
    };

/** What the gates of the installation leave a run of further attempts; without it, what the job says. */
export interface RetryLeave {
  readonly allowed: boolean;
  readonly attemptsMax?: number;
}

export type AttemptResult =
  | { readonly ok: true; readonly summary: string; readonly output: OutputDigest }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly summary: string;
      readonly exitCode?: number;
      readonly signal?: string;
      readonly output: OutputDigest;
    };

/** What the history keeps of an attempt's output; the text itself lives beside it and may be erased. */
export interface OutputDigest {
  readonly bytes: number;
  readonly sha256: string;
}
