import type { IHistory, SealedHead, VerifySignature } from '../../ports/history.ts';
import { GENESIS } from '../../runs/chain.ts';
import { headsHash, inOrder, keyId, type PublishedSeal, type Seal, sealHash } from '../../runs/seal.ts';
import type { HistoryFault } from './chain-walk.ts';

export interface SealChecks {
  readonly verifies: VerifySignature;
  /** Keys that are known from outside of the database; empty: nobody knows any. */
  readonly keys: ReadonlySet<string>;
  /** Seals that were published, by number, and where they were read. */
  readonly published: ReadonlyMap<number, PublishedSeal>;
  readonly publishedIn: string;
}

/** Where the walk over the seals stands. */
export interface SealWalk {
  readonly newest: Seal | undefined;
  /** Every key that signed. */
  readonly signers: ReadonlySet<string>;
  readonly fault?: HistoryFault;
}

type Reads = Pick<IHistory, 'seals' | 'headsOfSeals'>;

/**
 * Every seal behind those that were seen: its place, its list of heads, its hash, its signature, whose key, and its copy. `rest` lets
 * others work after every few chains; absent where nobody waits.
 */
export const verifySeals = async (
  history: Reads,
  checks: SealChecks,
  seen: SealWalk,
  rest?: () => Promise<void>,
): Promise<SealWalk> => {
  let { newest } = seen;
  let chains = 0;
  const signers = new Set(seen.signers);
  for (;;) {
    const page = await history.seals(newest?.number ?? 0, PAGE);
    const heads = await headsBySeal(history, page);
    for (const seal of page) {
      const own = heads.get(seal.number) ?? [];
      const words = wordsAgainst(seal, newest, own, checks);
      if (words !== undefined) return { newest, signers, fault: { seal: seal.number, words } };
      newest = seal;
      signers.add(seal.key);
      chains += own.length;
      if (chains < CHAINS_MAX) continue;
      chains = 0;
      await rest?.();
    }
    if (page.length < PAGE) return { newest, signers };
  }
};

/** A seal may name a thousand chains. */
const PAGE = 20;
/** As many as one seal names at the most; more at a time, and somebody notices. */
const CHAINS_MAX = 1000;

const headsBySeal = async (
  history: Reads,
  page: readonly Seal[],
): Promise<ReadonlyMap<number, readonly SealedHead[]>> => {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  return Map.groupBy(await history.headsOfSeals(first.number, last.number), ({ seal }) => seal);
};

const wordsAgainst = (
  seal: Seal,
  before: Seal | undefined,
  heads: readonly SealedHead[],
  { verifies, keys, published, publishedIn }: SealChecks,
): string | undefined => {
  const unsound = unsoundSeal(seal, before, verifies);
  if (unsound !== undefined) return unsound;
  const copy = published.get(seal.number);
  if (copy !== undefined && copy.hash !== seal.hash) return `${publishedIn} names another one of this number`;
  if (keys.size > 0 && !keys.has(seal.key))
    return `it is signed with the key ${keyId(seal.key)}, which nobody vouches for`;
  return headsHash(inOrder(heads)) === seal.heads ? undefined : 'its list of heads was changed';
};

/** What is wrong with a seal by itself, whoever made it. */
export const unsoundSeal = (
  seal: Seal,
  before: Pick<Seal, 'number' | 'hash'> | undefined,
  verifies: VerifySignature,
): string | undefined => {
  const { number, hash } = before ?? { number: 0, hash: GENESIS };
  if (seal.number !== number + 1) return `seal ${number + 1} is missing before it`;
  if (sealHash(seal) !== seal.hash) return 'it was changed: its hash does not match';
  if (seal.previous !== hash) return 'it does not follow on the one before';
  return verifies(seal.key, seal.hash, seal.signature) ? undefined : 'its signature does not fit';
};

/** What was published cannot be taken back: a database that ends before it was rolled back, cut, or replaced. */
export const publishedFault = (
  { published, publishedIn }: SealChecks,
  newest: Seal | undefined,
): HistoryFault | undefined => {
  let last = 0;
  for (const number of published.keys()) last = Math.max(last, number);
  const number = newest?.number ?? 0;
  if (last <= number) return undefined;
  const end = number === 0 ? 'no seal' : `no seal after ${number}`;
  return {
    seal: last,
    words: `${publishedIn} names it, and the database has ${end}: it was rolled back, cut or replaced`,
  };
};
