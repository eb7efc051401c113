import type { Brief } from '../cards/brief.ts';
import type { OpenableForm } from '../cards/form.ts';
import type { Card, Note } from '../cards/rich.ts';

/** A message that is owed to a conversation: written with the change that caused it, sent later. */
export interface Draft {
  /** `approval-request:<run>`, `approved-starting:<run>`, …; unique together with the address. */
  readonly key: string;
  readonly address: string;
  readonly runId?: string;
  /** Larger goes first among the lanes that are ready; order inside a lane never changes. */
  readonly priority: number;
  readonly content:
    | { readonly kind: 'card'; readonly card: Card; readonly plain?: string; readonly brief?: Brief }
    | { readonly kind: 'note'; readonly note: Note; readonly plain?: string; readonly brief?: Brief };
  /** The message to thread under: a message id of the conversation, or the card of the run. */
  readonly replyTo?: { readonly messageId: string } | { readonly card: true };
  /** The message of ours that it takes the place of; without it a note is a new message. */
  readonly edits?: string;
  /** Whoever alone should see it, on a channel that can show something to one person of many. */
  readonly onlyFor?: string;
  /** What it asks for, as a form: shown at once in the place of the message where that is still possible. */
  readonly form?: OpenableForm;
  /** The stored output that goes with it as a file; whoever sends it reads it. */
  readonly attaches?: Attachment;
  /** Already told in the answer of a synchronous door; kept for the record, never sent again. */
  readonly delivered?: boolean;
  /** It names a one-time code, which is kept nowhere once it has been said. */
  readonly secret?: true;
}

/** The output of one attempt, by the name that its file gets. */
export interface Attachment {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly name: string;
}

/** What may be kept of a message that was said. */
export const keptOf = (draft: Draft): Draft => {
  if (draft.secret !== true) return draft;
  return { ...draft, content: { kind: 'note', note: { lines: [[SPENT]], actions: [] }, plain: SPENT } };
};

const SPENT = 'There was a one-time code here.';

/** An answer to a person goes before a question to others, that before a result, that before progress. */
export const PRIORITY = { reply: 3, prompt: 2, result: 1, progress: 0 } as const;
