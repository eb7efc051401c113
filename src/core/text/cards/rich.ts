/**
 * Text before any channel has dressed it. A channel turns spans into its own markup and escapes every plain string;
 * nothing in here is ever trusted as markup. All of it survives JSON, because it waits in the outbox.
 */

export type Span =
  | string
  /** Milliseconds since 1970, shown in the reader's own zone; `moment` with its day and its clock. */
  | { readonly time: number; readonly as: 'clock' | 'relative' | 'day' | 'moment' }
  | { readonly code: string }
  | { readonly bold: string }
  /** A person who should be rung. */
  | { readonly mention: string; readonly name: string };

export type Line = readonly Span[];

/** Two letters behind a button, once with a number, as they stand in Telegram's callback data (TRANSCRIPTS). */
export type Verb =
  | 'ap'
  | 'dn'
  | 'dt'
  | 'rs'
  | 'rs2'
  | 'cx'
  | 'lg'
  | 'ra'
  | 'rc'
  | 'rn'
  | 'rd'
  | 'jb'
  | 'jd'
  | 'op'
  | 'wt'
  | 'fl'
  | 'sp'
  | 'pv'
  | 'pd'
  | 'px'
  | 'fm'
  | 'no';

export interface Action {
  readonly verb: Verb;
  readonly label: string;
  readonly style?: 'primary' | 'danger';
  readonly runId?: string;
  /** Present on verbs that decide, start or stop: what the button's token is bound to. */
  readonly bound?: { readonly epoch: number; readonly digest: string };
  /** A job key, a page, the line behind `run`, or what is asked about, for verbs without a run. */
  readonly argument?: string;
  /** What is asked once more before the press counts, on a channel that can. */
  readonly confirm?: Confirmation;
}

/** "Deny this run?" */
export interface Confirmation {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
}

/** The one message per run that shows its present state; edited in place. */
export interface Card {
  readonly runId: string;
  /** Decoration only; the words always say the same. */
  readonly mark: string;
  /** "Approval needed (0 of 2)", "Running", … */
  readonly title: string;
  /** Shown after the run id, separated by dots: "HEAVY", "58%", "1m 10s". */
  readonly badges: readonly string[];
  /** What stands in the same line, where a card is written in sentences. */
  readonly lead?: Line;
  readonly lines: readonly Line[];
  readonly actions: readonly Action[];
}

/** Any other message. */
export interface Note {
  readonly lines: readonly Line[];
  /** Fixed-width block after the lines, at most 34 columns (a phone does not wrap it). */
  readonly pre?: readonly string[];
  /** Lines after the block. */
  readonly after?: readonly Line[];
  readonly actions: readonly Action[];
  /** No sound. */
  readonly silent?: boolean;
  /** For everybody there, also where answers stand in a thread. */
  readonly loud?: true;
}
