import type { Wake } from '../core/ports/store.ts';
import type { Instant } from '../core/time/instant.ts';
import type { After } from './commit/persist.ts';
import type { Steps } from './steps.ts';

/** What a dialect gives to the store. Everything else is written once. */
export interface Engine {
  readonly kind: 'sqlite' | 'pg';
  /** Statements that change nothing. */
  read<T>(work: () => Steps<T>): Promise<T>;
  /** One transaction. Begun again from the start when it collides or the connection breaks. */
  write<T>(work: (after: After) => Steps<T>): Promise<T>;
  /**
   * Takes the lock named `$1` until the end of the transaction and answers `held`, false when another one has it.
   * Absent where a transaction has the database to itself.
   */
  readonly lockSql?: string;
  now(): Promise<Instant>;
  /** The same time inside of a statement: its text, in which `$1` is this value. */
  present(): { readonly sql: string; readonly value: number | null };
  /** Tells this process and, where the database can, the others. */
  wake(what: readonly Wake[]): void;
  onWake(listener: (what: Wake) => void): () => void;
  close(): Promise<void>;
}
