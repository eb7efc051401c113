import type { ApprovalPolicy, Params, RetryPolicy } from '../jobs/job.ts';
import type { Trigger } from '../schedules/schedule.ts';
import type { Instant } from '../time/instant.ts';

/** Stored status (PRODUCT 3). `absent` is the state of a run that does not exist yet and is never stored. */
export type RunStatus =
  | 'Created'
  | 'AwaitingApproval'
  | 'Approved'
  | 'Dispatching'
  | 'Running'
  | 'Succeeded'
  | 'Failed'
  | 'Denied'
  | 'Canceled'
  | 'Expired';

export const RUN_STATUSES: readonly RunStatus[] = [
  'Created',
  'AwaitingApproval',
  'Approved',
  'Dispatching',
  'Running',
  'Succeeded',
  'Failed',
  'Denied',
  'Canceled',
  'Expired',
];

export type Requester =
  | { readonly kind: 'person'; readonly personId: string; readonly identity: string; readonly name: string }
  | { readonly kind: 'schedule'; readonly key: string }
  /** The program itself, for its self-test. */
  | { readonly kind: 'system'; readonly part: string };

/** Where a run was asked for, and so where its card lives and its result returns. */
export interface Origin {
  readonly channel: string;
  readonly address: string;
  /** The message that asked, to thread the card under it. */
  readonly messageId?: string;
  /** The span of a program that asked, as it named itself; nothing but a link in a trace ever comes of it. */
  readonly caller?: Caller;
  /** In a group people answer with a command or a reply: privacy mode lets nothing else through to a bot. */
  readonly chat: 'private' | 'group';
}

/** A place in somebody else's trace. */
export interface Caller {
  readonly traceId: string;
  readonly spanId: string;
}

export interface Vote {
  readonly personId: string;
  readonly name: string;
  readonly identity: string;
  /** Roles held at the moment of the vote. */
  readonly roles: readonly string[];
  readonly at: Instant;
}

/** What a request froze; true in every state until the run ends. */
export interface Terms {
  readonly runId: string;
  readonly jobKey: string;
  readonly jobVersion: number;
  readonly title: string;
  /** The command line or request, in words, as the card shows it. */
  readonly willRun: string;
  readonly params: Params;
  /** Names of the parameters that nobody gave; the card says "(default)". */
  readonly defaulted: readonly string[];
  readonly heavy: boolean;
  readonly effects: 'idempotent' | 'unknown';
  readonly retry: RetryPolicy;
  readonly approval: ApprovalPolicy;
  /** Whether the requester may decide too, settled at the request. */
  readonly selfApproval: boolean;
  readonly requesters: readonly string[];
  readonly priority: number;
  /** Absent: no limit. */
  readonly concurrency?: number;
  readonly requester: Requester;
  readonly origin: Origin;
  /** SHA-256 over the canonical job spec; part of the digest. */
  readonly specHash: string;
  /** Files that the command would run and their hashes; part of the digest. */
  readonly files: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  /** Its job has a dry run, which has to be seen before anybody approves. */
  readonly previews?: true;
}

/** What the dry run of an epoch came to; what it wrote is stored as an output, of attempt 0. */
export interface Preview {
  readonly epoch: number;
  readonly ok: boolean;
  /** One line. */
  readonly summary: string;
  /** Of everything that it wrote, lower-case hex. */
  readonly sha256: string;
}

/** Terms plus what the epochs so far have left behind. */
export interface Facts extends Terms {
  /** The occurrence of a schedule that asked for it. */
  readonly trigger?: Trigger;
  readonly epoch: number;
  /** What an approval of this epoch approves (PRODUCT 4), lower-case hex. */
  readonly digest: string;
  readonly votes: readonly Vote[];
  /** The run started without people, by a never-policy. */
  readonly byPolicy: boolean;
  /** Grows at every change of owner; a write with another fence is refused. */
  readonly fence: number;
  /** Attempts of this epoch that were lost with their worker. */
  readonly losses: number;
  /** The newest process start of any epoch; absent as long as nothing ever ran. */
  readonly lastStart?: StartRecord;
  readonly lastError?: string;
  /** The newest, perhaps of an earlier epoch. */
  readonly preview?: Preview;
  /** What an advisor found unusual about the request; for the card only, no rule reads it. */
  readonly unusual?: string;
  /** Conversations beside its own that were asked and show its card from then on. */
  readonly alsoAsked?: readonly string[];
}

/** Who else is asked, and when. */
export interface Escalation {
  readonly at: Instant;
  readonly to: string;
}

export interface StartRecord {
  readonly epoch: number;
  readonly attempt: number;
  readonly at: Instant;
  readonly workerId: string;
  /** The history knows how it ended; absent while it runs, and for good when its worker was lost or the run canceled. */
  readonly ended?: true;
}

export type AskReason = 'asked' | 'lost' | 'recovered' | 'voided';

export type RunState =
  | { readonly status: 'absent' }
  | (Facts & { readonly status: 'Created' })
  | (Facts & {
      readonly status: 'AwaitingApproval';
      readonly because: AskReason;
      readonly askedAt: Instant;
      readonly decideBy: Instant;
      /** Still to come. */
      readonly remindAt?: Instant;
      readonly escalate?: Escalation;
      /** It was asked there too, and when. */
      readonly escalated?: Escalation;
    })
  | (Facts & {
      readonly status: 'Approved';
      readonly approvedAt: Instant;
      readonly startBy: Instant;
      readonly resumedBy?: string;
    })
  | (Facts & {
      readonly status: 'Dispatching';
      readonly attempt: number;
      readonly notBefore: Instant;
      /** Only until the first start of the epoch. */
      readonly startBy?: Instant;
      readonly approvedAt: Instant;
      readonly since: Instant;
      /** Who pressed start, for a heavy run. */
      readonly resumedBy?: string;
    })
  | (Facts & {
      readonly status: 'Running';
      readonly attempt: number;
      readonly workerId: string;
      readonly startedAt: Instant;
      readonly approvedAt: Instant;
      readonly resumedBy?: string;
      readonly progress?: { readonly percent?: number; readonly text: string; readonly at: Instant };
    })
  | (Facts & {
      readonly status: 'Succeeded';
      readonly attempt: number;
      readonly summary: string;
      readonly tookMs: number;
      readonly endedAt: Instant;
    })
  | (Facts & {
      readonly status: 'Failed';
      readonly attempt: number;
      readonly summary: string;
      readonly reason: string;
      readonly tookMs: number;
      readonly endedAt: Instant;
    })
  | (Facts & {
      readonly status: 'Denied';
      readonly by: string;
      readonly reason?: string;
      readonly endedAt: Instant;
    })
  | (Facts & {
      readonly status: 'Canceled';
      readonly by: string;
      readonly was: RunStatus;
      readonly endedAt: Instant;
    })
  | (Facts & {
      readonly status: 'Expired';
      readonly clock: 'decide-by' | 'start-by';
      readonly waitedMs: number;
      readonly endedAt: Instant;
    });

export type LiveRun = Exclude<RunState, { status: 'absent' }>;

export const absent: RunState = { status: 'absent' };
