import type { Attributes } from './names.ts';

/** A piece of work that is over. There are no open ones: nobody holds a span while a person thinks. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the root. */
  readonly parentId?: string;
  readonly name: string;
  readonly kind: 'internal' | 'client' | 'producer' | 'consumer';
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** A word that says why it failed; absent when it did not. */
  readonly error?: string;
  /** Spans of the same trace that it goes on from. */
  readonly links: readonly string[];
  /** Events of the history that came of it. */
  readonly events: readonly { readonly name: string; readonly atMs: number }[];
}
