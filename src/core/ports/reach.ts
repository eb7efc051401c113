import type { Consent, Notice } from '../people/consent.ts';
import type { Instant } from '../time/instant.ts';
import type { Address, ReceiptState } from './channel.ts';

/** Who may be written to, and what became of what was written. */
export interface IReach {
  /** Those of these accounts that ever said something; everybody else never did. */
  consents(identities: readonly string[]): Promise<readonly Consent[]>;
  /** What these people do not want to hear. */
  mutes(personIds: readonly string[]): Promise<ReadonlyMap<string, readonly Notice[]>>;
  /** How far a message has come; undefined when its provider has said nothing yet. */
  receipt(channel: string, messageId: string): Promise<Receipt | undefined>;
}

export interface Receipt {
  readonly state: ReceiptState;
  /** The provider's code for what went wrong. */
  readonly error?: string;
  readonly at: Instant;
}

export type ReachChange =
  /** `out` also ends everything that waits to go there. */
  | {
      readonly kind: 'consent';
      readonly identity: string;
      readonly state: Consent['state'];
      readonly words: string;
    }
  | { readonly kind: 'mute'; readonly personId: string; readonly notice: Notice; readonly muted: boolean }
  /** Only ever moves a message forward. */
  | {
      readonly kind: 'receipt';
      readonly channel: string;
      readonly messageId: string;
      readonly address: Address;
      readonly state: ReceiptState;
      readonly error?: string;
    };
