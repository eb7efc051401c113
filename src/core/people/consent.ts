import type { Instant } from '../time/instant.ts';

/** What somebody said last about getting messages on one of their accounts. */
export interface Consent {
  readonly identity: string;
  readonly state: 'in' | 'out';
  /** Their own words, or what the provider said in their place. */
  readonly words: string;
  readonly at: Instant;
}

/** What people hear in private without having asked for it, and may switch off. Answers always come. */
export const NOTICES = ['asks', 'reminders', 'results'] as const;

export type Notice = (typeof NOTICES)[number];

export const noticeCalled = (word: string): Notice | undefined => NOTICES.find((one) => one === word);
