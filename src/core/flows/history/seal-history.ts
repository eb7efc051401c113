import type { GrownChain } from '../../ports/history.ts';
import type { Observe } from '../../ports/observe.ts';
import type { Store } from '../../ports/store.ts';
import { inOrder, nextSeal, type Seal } from '../../runs/seal.ts';
import { plainLines } from '../../text/cards/plain.ts';
import { PRIORITY } from '../../text/grammar/draft.ts';
import { sealLines } from '../../text/ops/seal-words.ts';
import { type Publishing, publishSeals } from './publish-seals.ts';

/** A seal is due when so many events are not sealed, or when there is one and the newest seal is so old. */
export const SEAL_EVENTS = 50;
export const SEAL_EVERY_MS = 5 * 60_000;
/** How often is looked whether one is due. */
export const SEAL_LOOK_MS = 5000;
/** One seal covers no more chains than this; the rest follows at once. */
const CHAINS_MAX = 1000;
/** A chat is told of a seal at most so often. */
const TELL_MS = 3_600_000;

export interface Sealing extends Omit<Publishing, 'history'> {
  readonly store: Pick<Store, 'now' | 'history' | 'runs'>;
  readonly observe: Observe;
  /** Where the newest seal is told, if anywhere. */
  readonly chat: () => string | undefined;
}

/**
 * Seals what no seal covers. Any number of processes may do it: the number of a seal is taken once, and whoever comes
 * second looks again. Nothing is signed on top of a seal that has not been checked and published.
 */
export const sealHistory = (sealing: Sealing) => {
  const { store, observe } = sealing;
  const publishing = { ...sealing, history: store.history };
  const told = new Set<string>();
  /** Where the walk over many grown chains stands. */
  let after = '';
  return async (when: 'when_due' | 'now'): Promise<'busy' | 'idle'> => {
    const published = await publishSeals(publishing);
    const at = await store.now();
    const { newest, grown } = await store.history.look(after, CHAINS_MAX);
    // Somebody sealed in between: that one is checked first.
    if (newest?.hash !== published?.hash) return 'busy';
    const sound = grown.filter((chain) => isSound(chain, told, observe));
    const full = grown.length >= CHAINS_MAX;
    const due = when === 'now' || after !== '' || full || isDue(sound, newest, at);
    after = full ? (grown.at(-1)?.chain ?? '') : '';
    if (!due || sound.length === 0) return full ? 'busy' : 'idle';
    const seal = signed(sealing, sound, newest, at);
    if ((await store.history.append(seal, sound)) === 'taken') {
      after = '';
      return 'busy';
    }
    await publishSeals(publishing);
    observe({ kind: 'history_sealed', number: seal.number, events: seal.events, chains: sound.length });
    await tell(sealing, seal);
    return full ? 'busy' : 'idle';
  };
};

const isDue = (grown: readonly GrownChain[], newest: Seal | undefined, at: number): boolean =>
  newest === undefined || at - newest.at >= SEAL_EVERY_MS || eventsOf(grown) >= SEAL_EVENTS;

const eventsOf = (grown: readonly GrownChain[]): number =>
  grown.reduce((sum, { seq, sealedSeq }) => sum + seq - sealedSeq, 0);

const signed = (
  { signer }: Sealing,
  grown: readonly GrownChain[],
  newest: Seal | undefined,
  at: number,
): Seal => {
  const heads = inOrder(grown);
  const seal = nextSeal(newest, { at, events: eventsOf(grown), heads, key: signer.key });
  return { ...seal, signature: signer.sign(seal.hash) };
};

/** A row that contradicts its events or the seals is never sealed: what was signed once cannot be put right again. */
const isSound = (grown: GrownChain, told: Set<string>, observe: Observe): boolean => {
  const words = wordsAgainst(grown);
  if (words === undefined) return true;
  const { chain } = grown;
  const about = chain === 'system' ? { chain } : { chain, runId: chain };
  if (!told.has(chain)) observe({ kind: 'history_broken', ...about, words });
  told.add(chain);
  return false;
};

const wordsAgainst = ({ seq, hash, eventHash, sealedSeq, lastSealed }: GrownChain): string | undefined => {
  if (eventHash !== hash) return `its row names event ${seq}, which is missing or another one`;
  if (sealedSeq !== lastSealed) {
    return `its row says that it is sealed up to event ${sealedSeq}; the seals say ${lastSealed}`;
  }
  return undefined;
};

/** The key of the message lets only the first of each span through, however many processes seal. */
const tell = async ({ store, chat }: Sealing, seal: Seal): Promise<void> => {
  const address = chat();
  if (address === undefined) return;
  const { at } = seal;
  const lines = sealLines(seal);
  const draft = {
    key: `seal:${Math.floor(at / TELL_MS)}`,
    address,
    priority: PRIORITY.progress,
    content: {
      kind: 'note',
      note: { lines, actions: [], silent: true },
      plain: plainLines(lines).join('\n'),
    },
  } as const;
  await store.runs.commit([{ queue: [], outbox: [draft], at }]);
};
