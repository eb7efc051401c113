import type { RunEvent } from './event.ts';
import type { Refusal } from './refusal.ts';

export type Decision =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly refusal: Refusal };

export const accept = (...events: readonly RunEvent[]): Decision => ({ ok: true, events });

export const refuse = (refusal: Refusal): Decision => ({ ok: false, refusal });
