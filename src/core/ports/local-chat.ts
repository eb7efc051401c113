import type { Instant } from '../time/instant.ts';
import type { Delivery } from './channel.ts';

/** One thing in the conversation of the dev profile's page. */
export type ChatEntry =
  | {
      readonly kind: 'said';
      readonly id: string;
      readonly seat: string;
      readonly text: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'told';
      readonly id: string;
      readonly content: Delivery['content'];
      readonly at: Instant;
      readonly isEdited: boolean;
    }
  /** What the presser of a button sees, and nobody else. */
  | {
      readonly kind: 'flash';
      readonly id: string;
      readonly seat: string;
      readonly text: string;
      readonly at: Instant;
    };

/** A messenger on the machine itself, as its page sees it. */
export interface LocalChat {
  /** The newest, oldest of them first; gone with the process. */
  entries(): readonly ChatEntry[];
  onChange(listener: () => void): () => void;
  /** Resolves when it is stored; what comes of it comes later. */
  say(seat: string, text: string): Promise<void>;
  /** `gone`: that message has no such button any more. */
  press(seat: string, messageId: string, number: number): Promise<'pressed' | 'gone'>;
}
