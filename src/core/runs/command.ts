import type { ApprovalPolicy, JobVersion, Params } from '../jobs/job.ts';
import type { Actor } from '../people/person.ts';
import type { Trigger } from '../schedules/schedule.ts';
import type { Instant } from '../time/instant.ts';
import type { Origin, Preview } from './run.ts';

/** A condition that must hold before a heavy run starts. */
export interface Gate {
  readonly name: 'freeze' | 'window' | 'worker';
  readonly met: boolean;
  /** "freeze off", "worker w1 alive". */
  readonly words: string;
  /** Of an unmet one: who or what can clear it. */
  readonly remedy?: string;
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
  /** The occurrence behind it, when a schedule asks. */
  readonly trigger?: Trigger;
  /** Replaces the job's own. */
  readonly decideByMs?: number;
  readonly escalate?: ApprovalPolicy['escalate'];
  /** Where those are asked who may decide, when nobody does who reads the run's own conversation. */
  readonly asks?: readonly string[];
  readonly advice?: RequestAdvice;
  readonly at: Instant;
}

/** What advisors had to say about a request. It is written down and shown; no rule looks at it. */
export interface RequestAdvice {
  /** The line that was read for the person, who then asked for it. */
  readonly read?: string;
  readonly risk?: RiskFlag;
}

export interface RiskFlag {
  /** 0.00 to 1.00 as decimal text, because the history hashes no fractions. */
  readonly score: string;
  readonly words: string;
}

/** What stood before a person's eyes: a button means the question under which it was shown, and no later one. */
export interface Shown {
  readonly epoch: number;
  readonly digest: string;
}

/** What a dry run says would happen. */
export type DryRun = Pick<Preview, 'ok' | 'summary' | 'sha256'>;

/** Everything that can be asked of a run. There is no second door. */
export type RunCommand =
  | RequestCommand
  | {
      readonly type: 'approve';
      readonly by: Actor;
      readonly shown?: Shown;
      /** When it was written, as far as the channel says; a yes never answers a question that came later. */
      readonly wroteAt?: Instant;
      /** The epoch that was answered. A run that has asked anew since is another question, with other bytes perhaps. */
      readonly seenEpoch?: number;
      readonly at: Instant;
    }
  | {
      readonly type: 'deny';
      readonly by: Actor;
      readonly shown?: Shown;
      readonly reason?: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'explain';
      readonly by: Actor;
      /** Who said no, as the history has it. */
      readonly deniedBy: string;
      readonly reason: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'resume';
      readonly by: Actor;
      readonly shown?: Shown;
      readonly gates: readonly Gate[];
      /** Ids of the voters who still hold the right. */
      readonly entitled: readonly string[];
      readonly at: Instant;
    }
  | { readonly type: 'cancel'; readonly by: Actor; readonly shown?: Shown; readonly at: Instant }
  | {
      readonly type: 'recover';
      readonly by: Actor;
      readonly shown?: Shown;
      readonly leaseExpired: boolean;
      readonly retry?: RetryLeave;
      readonly at: Instant;
    }
  | {
      readonly type: 'notify';
      readonly by: Actor;
      /** The conversations that an escalation means at present. */
      readonly addresses: readonly string[];
      readonly at: Instant;
    }
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
      /** The owners' word that lets it run without asking does not hold any more. */
      readonly lapsed?: true;
      /** What the dry run of a heavy job came to just now. */
      readonly preview?: DryRun;
      readonly at: Instant;
    }
  | {
      readonly type: 'preview';
      readonly by: Actor;
      readonly workerId: string;
      readonly epoch: number;
      readonly fence: number;
      readonly seen: DryRun;
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
