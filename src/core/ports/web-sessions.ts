import type { Instant } from '../time/instant.ts';

/** Somebody who signed in with a browser. */
export interface WebSession {
  /** SHA-256 of what the browser keeps; the secret itself is nowhere. */
  readonly idHash: string;
  /** Who it was: `web:SUBJECT`, or `web:` before the account of a channel. Whether they are still anybody is asked each time. */
  readonly identity: string;
  readonly signedInAt: Instant;
  readonly until: Instant;
}

export interface IWebSessions {
  find(idHash: string): Promise<WebSession | undefined>;
  /** Those that are over go when a new one is opened. */
  open(session: WebSession): Promise<void>;
  close(idHash: string): Promise<void>;
}
