import type { IHistory, ISealFile, ISealSigner, VerifySignature } from '../ports/history.ts';
import { GENESIS } from '../runs/chain.ts';
import { keyId, type PublishedSeal, type Seal, sealHash } from '../runs/seal.ts';

export interface Publishing {
  readonly history: Pick<IHistory, 'seals'>;
  readonly file: ISealFile;
  readonly signer: ISealSigner;
  readonly verifies: VerifySignature;
}

/**
 * Adds every seal that the file lacks, whoever made it, and answers the newest. What the file says is never taken back:
 * a database that says otherwise is a fault that a person has to look at, and so is a seal that nobody vouches for.
 */
export const publishSeals = async (tools: Publishing): Promise<PublishedSeal | undefined> => {
  const { history, file } = tools;
  let last = await file.last();
  for (;;) {
    // With the last one itself, which must still be there.
    const page = await history.seals((last?.number ?? 1) - 1, PAGE);
    if (last !== undefined && !isSame(page[0], last)) throw new Error(takenBack(file, last));
    const news = last === undefined ? page : page.slice(1);
    let before = last;
    for (const seal of news) {
      const words = await wordsAgainst(tools, seal, before);
      if (words !== undefined) throw new Error(`seal ${seal.number} is not published: ${words}`);
      before = seal;
    }
    if (news.length > 0) await file.append(news);
    last = before;
    if (page.length < PAGE) return last;
  }
};

const PAGE = 100;

const isSame = (seal: Seal | undefined, published: PublishedSeal): boolean =>
  seal?.number === published.number && seal.hash === published.hash;

const takenBack = ({ name }: ISealFile, { number }: PublishedSeal): string =>
  `${name} ends with seal ${number}, which this database does not have: it was rolled back, cut or replaced. ` +
  'Nothing is sealed until somebody has looked; if it was meant, move the file away.';

const wordsAgainst = async (
  { file, signer, verifies }: Publishing,
  seal: Seal,
  before: PublishedSeal | undefined,
): Promise<string | undefined> => {
  const { number, previous, key, hash, signature } = seal;
  if (number !== (before?.number ?? 0) + 1 || previous !== (before?.hash ?? GENESIS)) {
    return 'it does not follow on the one before';
  }
  if (sealHash(seal) !== hash) return 'it was changed: its hash does not match';
  if (!verifies(key, hash, signature)) return 'its signature does not fit';
  if (key !== signer.key && !(await file.knows(key))) {
    return `it is signed with the key ${keyId(key)}, which is neither ours nor in ${file.name}`;
  }
  return undefined;
};
