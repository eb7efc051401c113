import type { Trigger } from '../schedules/schedule.ts';
import type { Instant } from '../time/instant.ts';
import type { OutputDigest, RiskFlag } from './command.ts';
import type { AskReason, Escalation, Preview, Terms, Vote } from './run.ts';

/** Stored names never change (PRODUCT 3). Payload keys with a capital are part of the contract. */
export type RunEvent = {
  readonly [T in keyof Payloads]: {
    readonly type: T;
    readonly at: Instant;
    readonly actor: string;
    readonly payload: Payloads[T];
  };
}[keyof Payloads];

export interface Payloads {
  readonly RunCreated: Omit<Terms, 'runId' | 'createdAt'>;
  readonly ScheduleTriggered: Trigger;
  readonly ApprovalRequested: {
    readonly Policy: 'DefaultRequireApproval';
    readonly epoch: number;
    readonly digest: string;
    readonly quorum: number;
    readonly decideBy: Instant;
    readonly because: AskReason;
    /** When people are told again, and when somebody else is asked, unless it is decided before. */
    readonly remindAt?: Instant;
    readonly escalate?: Escalation;
    /** The conversations that are asked at once, where nobody reads along who could decide. */
    readonly addresses?: readonly string[];
    /** Present when an approval was voided because the files of the command changed. */
    readonly files?: Readonly<Record<string, string>>;
  };
  readonly PreviewRecorded: Preview & { readonly WorkerId: string; readonly fence: number };
  readonly ApprovalReminded: { readonly epoch: number; readonly decideBy: Instant };
  readonly ApprovalEscalated: {
    readonly epoch: number;
    /** `role:NAME`, a person or a chat, as the job or the schedule names it. */
    readonly to: string;
    /** The conversations that are asked too. */
    readonly addresses: readonly string[];
  };
  /** A vote short of the quorum. */
  readonly ApprovalRecorded: { readonly vote: Vote; readonly epoch: number };
  readonly RunApproved: {
    readonly epoch: number;
    readonly digest: string;
    /** The deciding vote; absent when the never-policy approved. */
    readonly vote?: Vote;
    readonly startBy: Instant;
  };
  readonly RunDenied: { readonly personId: string; readonly name: string; readonly reason?: string };
  /** The reason, given afterwards. */
  readonly DenialExplained: { readonly personId: string; readonly name: string; readonly reason: string };
  readonly ApprovalTimedOut: { readonly clock: 'decide-by' | 'start-by'; readonly since: Instant };
  readonly ApprovalVoided: {
    readonly epoch: number;
    readonly reason: 'digest' | 'votes' | 'preview';
    readonly approved: string;
  };
  readonly RunResumed: { readonly epoch: number; readonly name: string };
  readonly ExecutionDispatched: {
    readonly epoch: number;
    readonly attempt: number;
    readonly notBefore: Instant;
  };
  readonly ExecutionStarted: {
    readonly WorkerId: string;
    readonly attempt: number;
    readonly epoch: number;
    readonly fence: number;
  };
  readonly ExecutionProgressed: { readonly percent?: number; readonly text: string };
  readonly ExecutionRetried: {
    readonly epoch: number;
    /** The attempt that comes next. */
    readonly attempt: number;
    readonly notBefore: Instant;
    readonly reason: string;
    readonly Summary: string;
  };
  readonly ExecutionLost: {
    readonly WorkerId: string;
    readonly attempt: number;
    readonly epoch: number;
    readonly fence: number;
    readonly lastBeat: Instant;
    readonly reason: 'lease_expired' | 'interrupted';
  };
  readonly ExecutionSucceeded: {
    readonly Summary: string;
    readonly attempt: number;
    readonly tookMs: number;
    readonly output: OutputDigest;
  };
  readonly ExecutionFailed: {
    readonly Summary: string;
    readonly attempt: number;
    readonly reason: string;
    readonly tookMs: number;
    readonly exitCode?: number;
    readonly signal?: string;
    readonly output?: OutputDigest;
  };
  readonly RunCanceled: { readonly name: string; readonly was: string };
  readonly RunRecovered: { readonly epoch: number; readonly name: string; readonly was: string };
  /** Advisory; no rule reads them. */
  readonly RiskFlagged: RiskFlag;
  readonly AiParseUsed: { readonly read: string };
}

/** An event as it is stored: numbered without gaps per chain, each hash covering the one before. */
export interface StoredEvent {
  /** The run, or `system` for records that belong to no run. */
  readonly chain: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Instant;
  readonly actor: string;
  readonly payload: unknown;
  readonly hash: string;
}

/** The history holds what core wrote; a payload that somebody changed is found out by its hash. */
export const asRunEvent = ({
  type,
  at,
  actor,
  payload,
}: Pick<StoredEvent, 'type' | 'at' | 'actor' | 'payload'>): RunEvent =>
  ({ type, at, actor, payload }) as RunEvent;

/** An event as its row says it: the payload is still text. */
export interface EventText extends Omit<StoredEvent, 'hash' | 'payload'> {
  readonly payload: string;
}
