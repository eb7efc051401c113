import type { Refusal } from '../runs/refusal.ts';
import type { RunState } from '../runs/run.ts';
import type { RunStep } from '../runs/step.ts';
import type { AdviceOutcome, AdvisorName } from '../text/cards/advisor-status.ts';
import type { ChannelHealth } from './channel.ts';

/**
 * What happened, as data; `src/telemetry` puts it into words and counts it. Never message text, tokens or parameters: the
 * type has no field for them.
 */
export type Observation =
  | {
      readonly kind: 'message_handled';
      readonly channel: string;
      readonly intent: string;
      readonly runId?: string;
      /** As the history names whoever wrote; absent where nobody did. */
      readonly actor?: string;
      readonly tookMs: number;
      /** It came to nothing, because whoever wrote lacked a right. */
      readonly forbidden?: true;
    }
  | { readonly kind: 'message_duplicate'; readonly channel: string }
  | { readonly kind: 'message_ignored'; readonly channel: string; readonly reason: string }
  /** Somebody was not let do what they tried. The reason is a word, never what they sent; `actor` is the account, if any. */
  | {
      readonly kind: 'auth_refused';
      readonly channel: string;
      readonly reason: string;
      readonly actor?: string;
    }
  | { readonly kind: 'message_unreadable'; readonly channel: string; readonly reason: string }
  | {
      readonly kind: 'message_failed';
      readonly channel: string;
      readonly inboxId: number;
      readonly attempts: number;
      readonly error: unknown;
      /** It was the last try. */
      readonly gaveUp?: true;
    }
  | RunChanged
  | { readonly kind: 'never_policy_used'; readonly runId: string; readonly jobKey: string }
  | {
      readonly kind: 'transition_rejected';
      readonly runId: string;
      readonly command: string;
      readonly why: Refusal['why'];
      readonly actor: string;
      /** The state that the command met. */
      readonly from?: RunState['status'];
    }
  | {
      readonly kind: 'attempt_started';
      readonly runId: string;
      readonly jobKey?: string;
      readonly heavy?: boolean;
      readonly attempt: number;
      readonly workerId: string;
      readonly waitedMs: number;
      /** Of the first attempt: since the approval, or since a person said start. */
      readonly sinceLeaveMs?: number;
      /** The history has a start of this very attempt already, which must never happen. */
      readonly again?: true;
    }
  | {
      readonly kind: 'attempt_ended';
      readonly runId: string;
      readonly jobKey: string;
      readonly heavy?: boolean;
      readonly epoch: number;
      readonly attempt: number;
      readonly workerId: string;
      readonly outcome: string;
      readonly exitCode?: number;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'report_refused';
      readonly runId: string;
      readonly workerId: string;
      readonly why: string;
    }
  | { readonly kind: 'lease_lost'; readonly runId: string; readonly workerId: string }
  | {
      readonly kind: 'lease_recovered';
      readonly runId: string;
      readonly workerId: string;
      readonly how: 'rerun' | 'asked' | 'requeued';
    }
  | {
      readonly kind: 'schedule_skipped';
      readonly schedule: string;
      readonly jobKey?: string;
      readonly because: string;
      readonly runId?: string;
    }
  | {
      readonly kind: 'schedule_missed';
      readonly schedule: string;
      readonly jobKey?: string;
      readonly times: number;
    }
  | {
      readonly kind: 'outbox_sent';
      readonly address: string;
      readonly content?: 'card' | 'note';
      readonly runId?: string;
      readonly send: Send;
    }
  | {
      readonly kind: 'outbox_later';
      readonly address: string;
      readonly content?: 'card' | 'note';
      readonly runId?: string;
      readonly reason: string;
      readonly ambiguous: boolean;
      readonly send: Send;
    }
  | {
      readonly kind: 'outbox_dead';
      readonly address: string;
      readonly content?: 'card' | 'note';
      readonly runId?: string;
      readonly reason: string;
      /** Absent when it was sent, and the provider lost it later. */
      readonly send?: Send;
    }
  | {
      readonly kind: 'outbound_dev';
      readonly address: string;
      readonly runId?: string;
      readonly body: string;
    }
  | {
      readonly kind: 'channel_state';
      readonly channel: string;
      readonly state: ChannelHealth['state'];
      readonly reason?: string;
    }
  /** One try to hear what a provider has for us came to nothing; `channel_state` tells only of changes. */
  | { readonly kind: 'poll_failed'; readonly channel: string; readonly reason: PollFailure }
  /** Whether we try to reach something outside: closed, we do; open, we wait; half open, the next try decides. */
  | { readonly kind: 'breaker_turned'; readonly dependency: string; readonly state: BreakerState }
  | {
      readonly kind: 'advice';
      readonly advisor: AdvisorName;
      readonly outcome: AdviceOutcome;
      /** For one that failed. */
      readonly error?: unknown;
    }
  /** What one process at a time does: this one began, or somebody else may do it by now. */
  | {
      readonly kind: 'leader_changed';
      readonly work: string;
      readonly state: 'gained' | 'lost';
      readonly fence: number;
    }
  | {
      readonly kind: 'history_sealed';
      readonly number: number;
      readonly events: number;
      readonly chains: number;
    }
  | {
      readonly kind: 'history_broken';
      readonly chain: string;
      /** Absent for the chain of the installation. */
      readonly runId?: string;
      readonly words: string;
    }
  /** Somebody brings the installation to another release, or has done so, or it is as it was. */
  | {
      readonly kind: 'release_changed';
      readonly phase: 'started' | 'healthy' | 'rolled_back' | 'failed';
      /** "1.2.0 (a1b2c3d)" */
      readonly release: string;
      readonly from?: string;
      readonly who: string;
      readonly reason?: string;
      readonly tookMs: number;
    }
  | { readonly kind: 'config_reloaded'; readonly changes: readonly string[] }
  | { readonly kind: 'config_rejected'; readonly problems: readonly string[] }
  /** Where traces are sent does not take them. */
  | { readonly kind: 'trace_faulted'; readonly error: unknown }
  | { readonly kind: 'started'; readonly what: string }
  | { readonly kind: 'stopped'; readonly what: string }
  | {
      readonly kind: 'request_failed';
      readonly method: string;
      /** Without its query, which may hold what nobody should log. */
      readonly path: string;
      readonly error: unknown;
    }
  | {
      readonly kind: 'loop_faulted';
      readonly loop: string;
      /** When the fault concerns one run alone. */
      readonly runId?: string;
      readonly error: unknown;
    };

/** One event of a run, after its commit; all events of one commit are told in one go. */
export interface RunChanged extends RunStep {
  readonly kind: 'run_changed';
  readonly runId: string;
}

/** One try to hand a message to its provider. */
export interface Send {
  /** Of the message; the part before the first colon says what it is for. */
  readonly key: string;
  /** This one included. */
  readonly tries: number;
  readonly tookMs: number;
}

export type BreakerState = 'closed' | 'half_open' | 'open';

export type PollFailure =
  | 'timeout'
  | 'network'
  | 'conflict_409'
  | 'flood_429'
  | 'unauthorized'
  | 'server_error'
  | 'other';

export type Observe = (observation: Observation) => void;
