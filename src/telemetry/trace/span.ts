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
  /** Spans that it goes on from. */
  readonly links: readonly SpanLink[];
  /** Events of the history that came of it. */
  readonly events: readonly { readonly name: string; readonly atMs: number }[];
  /** Where it stands when every phase of a run has a trace of its own; absent for the request, whose trace is the run's. */
  readonly phase?: Phase;
}

export interface SpanLink {
  /** Of the span's own trace, unless said otherwise. */
  readonly traceId?: string;
  readonly spanId: string;
}

/** A piece of a run between two waits. */
export interface Phase {
  /** The span that it is named by. */
  readonly head: string;
  /** The parent within the phase; absent for what begins it. */
  readonly parentId?: string;
  /** What began it, beside the request. */
  readonly from?: SpanLink;
}
