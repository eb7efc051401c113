import type { GateName, GateState } from '../jobs/feature-gates.ts';
import type { Refused } from '../people/refused.ts';
import type { Acceptance } from '../runs/acceptance.ts';
import type { DeadLetter, LetterRef, RunLetter } from '../runs/dead-letter.ts';
import type { Freeze } from '../runs/freeze.ts';
import type { Instant } from '../time/instant.ts';
import type { PeopleChange } from './people.ts';
import type { ReachChange } from './reach.ts';
import type { RequestDraft } from './request-drafts.ts';
import type { TokenChange } from './tokens.ts';

/**
 * A change beside runs and messages. It is written in the transaction of the commit that carries it, together with the
 * record that says who did it.
 */
export type Upkeep =
  | {
      readonly kind: 'gate';
      readonly name: GateName;
      readonly open: boolean;
      readonly value?: number;
      readonly by: string;
    }
  | {
      readonly kind: 'gate_proposed';
      readonly name: GateName;
      readonly value: number;
      readonly personId: string;
      readonly by: string;
    }
  /** What the installation opened is in the history now. */
  | { readonly kind: 'gates_recorded'; readonly names: readonly GateName[] }
  | RunLetter
  | PeopleChange
  | ReachChange
  | TokenChange
  /** Their silence was told; and those nobody has to miss any more. */
  | { readonly kind: 'silent' | 'forget'; readonly names: readonly string[] }
  /** `queue`, or `job:KEY`. */
  | { readonly kind: 'pause'; readonly what: string; readonly by: string; readonly reason?: string }
  | { readonly kind: 'unpause'; readonly what: string }
  | { readonly kind: 'freeze'; readonly by: string; readonly reason: string }
  | { readonly kind: 'unfreeze' }
  | {
      readonly kind: 'never_accepted';
      readonly jobKey: string;
      readonly digest: string;
      readonly personId: string;
      readonly by: string;
    }
  | { readonly kind: 'acceptances_withdrawn'; readonly jobKey: string }
  /** Somebody is asked about their request, or not any more. */
  | { readonly kind: 'request_draft'; readonly draft: RequestDraft }
  /** Somebody was refused; nothing else has changed. */
  | { readonly kind: 'refusal_counted'; readonly refused: Refused; readonly times: number }
  | {
      readonly kind: 'letter';
      readonly letter: LetterRef;
      /** `again`: as if it had just come, or were sent for the first time. For messages only. */
      readonly to: 'again' | 'dropped';
      readonly by: string;
      readonly reason?: string;
    };

/** What no worker may claim at present. */
export interface IPauses {
  list(): Promise<readonly Pause[]>;
}

export interface Pause {
  /** `queue`, or `job:KEY`. */
  readonly what: string;
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
}

/** While there is one nothing is decided, and no worker claims anything. */
export interface IFreeze {
  current(): Promise<Freeze | undefined>;
}

/** The owners' word for jobs that run without asking. */
export interface IAcceptances {
  /** The newest of each person, oldest first; whether they still count is for the rules. */
  of(jobKey: string): Promise<readonly Acceptance[]>;
}

export interface IDeadLetters {
  /** Open ones of every kind, newest first. */
  list(limit: number): Promise<readonly DeadLetter[]>;
  /** Open ones with this number; at most one of each kind. */
  find(id: number): Promise<readonly DeadLetter[]>;
}

export interface IGates {
  /** Every gate there is, in the order of the list; one that nobody ever touched is closed. */
  list(): Promise<readonly GateState[]>;
  /** The gate as it was at most a second ago, and never older than a change of this process. */
  find(name: GateName): Promise<GateState>;
  /** Gates that were opened by the installation and whose record is still owed. */
  unrecorded(): Promise<readonly (GateState & { readonly at: Instant; readonly by: string })[]>;
}
