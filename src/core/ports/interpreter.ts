import type { Intent } from '../text/grammar/intent.ts';

/** Reads what a message asks for. The deterministic grammar is one; whatever else may read must go through it. */
export interface IIntentParser {
  parse(text: string): Intent;
}
