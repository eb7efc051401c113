// The town as the reference sees it: people, jobs, runs, and what can happen to them. Plain data, no rule.

export type Status =
  | ('AwaitingApproval' | 'Approved' | 'Dispatching' | 'Running')
  | ('Succeeded' | 'Failed' | 'Denied' | 'Canceled' | 'Expired');
export type Verb = 'yes' | 'no' | 'resume' | 'cancel' | 'recover';
export type Roles = readonly string[];

export interface Job {
  readonly key: string;
  readonly heavy: boolean;
  readonly idempotent: boolean;
  readonly attempts: number;
  readonly never: boolean;
  /** Undefined: only for somebody on the dev door of the dev profile. */
  readonly self?: boolean;
  readonly quorum: number;
  readonly needs: readonly { readonly role: string; readonly count: number }[];
  readonly approvers: readonly string[];
  readonly requesters: readonly string[];
  readonly concurrency: number;
  readonly priority: number;
}

/** Somebody as they are known at a moment, such as that of their vote. */
export interface Person {
  readonly id: string;
  readonly roles: Roles;
}

export interface Run {
  readonly job: Job;
  readonly by: string;
  readonly chat: string;
  readonly self: boolean;
  readonly status: Status;
  readonly epoch: number;
  readonly votes: readonly Person[];
  /** What would run, as it was asked and approved. */
  readonly files: string;
  readonly askedAt: number;
  /** Decide-by or start-by, as long as one of them ticks. */
  readonly until?: number;
  /** It asks because a worker was lost. */
  readonly lost: boolean;
  /** Workers lost in this epoch. */
  readonly losses: number;
  readonly attempt: number;
  /** The latest moment from which a worker may take it. */
  readonly notBefore: number;
  readonly lease?: { readonly id: number; readonly until: number };
}

export interface World {
  readonly at: number;
  readonly dev: boolean;
  readonly people: Readonly<Record<string, Roles>>;
  readonly jobs: readonly Job[];
  /** Fingerprint of the files that a job would run. */
  readonly files: string;
  /** When a worker last said that it is alive. */
  readonly beatAt: number;
  readonly runs: readonly Run[];
  /** Leases given so far. */
  readonly leases: number;
  /** Strangers who were told so, each with the chat and the hour. */
  readonly met: readonly string[];
}

export type Move =
  | { readonly do: 'ask'; readonly who: string; readonly chat: string; readonly job: string }
  | Steer
  /** The newest message once more. */
  | { readonly do: 'again' }
  /** `got`: the run that the worker came back with. */
  | { readonly do: 'claim'; readonly got?: number }
  | { readonly do: 'begin'; readonly lease: number }
  | { readonly do: 'beat'; readonly lease: number }
  | { readonly do: 'finish'; readonly lease: number; readonly how: 'ok' | 'failed' | 'interrupted' }
  /** What the loops do by themselves: deadlines, then lost leases. */
  | { readonly do: 'house' }
  /** Time passes, a worker shows that it is alive, somebody edits people, the catalog or a job's files. */
  | { readonly do: 'change'; readonly to: Partial<Omit<World, 'runs' | 'leases' | 'met'>> };

/** A word or a button about a run. */
export interface Steer {
  readonly do: 'steer';
  readonly verb: Verb;
  readonly who: string;
  readonly chat: string;
  /** Absent: a bare yes or no. */
  readonly run?: number;
  /** The epoch that the pressed button was made for; absent: it was typed. */
  readonly button?: number;
  /** When it was written, if long before it arrived. */
  readonly sentAt?: number;
}

/** What follows from a move. */
export interface Then {
  readonly world: World;
  /** The answer to whoever moved is one of these kinds; none: nobody is answered. */
  readonly told: readonly string[];
  /** What rings where the runs were asked for. */
  readonly news: readonly { readonly run: number; readonly kind: string }[];
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** Decide-by and start-by of every job. */
export const WAIT = 30 * MINUTE;
export const LEASE = MINUTE / 2;
export const PAUSE = { min: 10_000, max: 5 * MINUTE } as const;
