import type { IHistory, ISealFile, ISealSigner, VerifySignature } from '../../ports/history.ts';
import { keyId, type PublishedSeal, type Seal } from '../../runs/seal.ts';
import { unsoundSeal } from './verify-seals.ts';

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
  const unsound = unsoundSeal(seal, before, verifies);
  if (unsound !== undefined) return unsound;
  const { key } = seal;
  return key === signer.key || (await file.knows(key))
    ? undefined
    : `it is signed with the key ${keyId(key)}, which is neither ours nor in ${file.name}`;
};
