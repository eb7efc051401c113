import type { Answers } from '../jobs/guided.ts';
import type { Instant } from '../time/instant.ts';
import type { Address } from './channel.ts';

/**
 * A request that somebody is still being asked about. It is no run: nothing waits for a decision yet, and nothing comes
 * of it unless it is finished. One for each person and conversation; a new one takes the place of the one before.
 */
export interface RequestDraft {
  /** Behind its buttons. */
  readonly id: string;
  readonly address: Address;
  readonly personId: string;
  readonly jobKey: string;
  readonly jobVersion: number;
  readonly answers: Answers;
  /** The parameter that was asked about last. */
  readonly asking: string;
  /** Keys of the messages that asked, the newest last. */
  readonly messageKeys: readonly string[];
  /** The line that an advisor read for this person, when it began with one. */
  readonly read?: string;
  /** From then on it is closed, whether time was up or the questions had come to an end. */
  readonly expiresAt: Instant;
}

/** Closed ones are found until they are replaced or swept away, so that a late answer can be told so. */
export interface IRequestDrafts {
  find(address: Address, id: string): Promise<RequestDraft | undefined>;
  of(address: Address, personId: string): Promise<RequestDraft | undefined>;
  /** Whether this message of the conversation asked for it. */
  isQuestion(draft: Pick<RequestDraft, 'address' | 'messageKeys'>, messageId: string): Promise<boolean>;
}
