import { counted } from '../core/flows/history/count-refusal.ts';
import { type Amendment, amend } from '../core/flows/runs/amend.ts';
import { refusedWish } from '../core/people/refused.ts';
import type { Store } from '../core/ports/store.ts';
import { plainLines } from '../core/text/cards/plain.ts';
import { Stop } from './voice/stop.ts';

type Done = Pick<Amendment, 'said' | 'refused'>;

/** Does what was typed, as far as the rules let whoever typed it. */
export const carryOut = async (
  store: Pick<Store, 'now' | 'runs'>,
  judge: () => Promise<Amendment>,
): Promise<Amendment> => {
  const done = await amend(store, judge);
  if (done === 'seen_before') throw new Error('a command line was taken for a repeated message');
  return done;
};

/**
 * The answer in words. A no ends the command instead, with the exit code of a refusal, or of nothing there when it is the
 * code `unknown`; whoever lacked a right is counted, as everywhere else.
 */
export const wordsUnlessRefused = async (
  store: Pick<Store, 'now' | 'runs'>,
  { said, refused }: Done,
  unknown?: string,
): Promise<string> => {
  const words = plainLines(said.lines).join('\n');
  if (refused === undefined) return words;
  const count = counted(refusedWish(refused));
  if (count.upkeep !== undefined) {
    await store.runs.commit([{ queue: [], outbox: [], ...count, at: await store.now() }]);
  }
  throw new Stop({ code: refused === unknown ? 'NOT_FOUND' : 'REFUSED', message: words });
};
