import { expect, test } from 'vitest';
import { type SealWalk, verifySeals } from '../../../src/core/flows/history/verify-seals.ts';
import type { SealedHead } from '../../../src/core/ports/history.ts';
import { inOrder, nextSeal, type Seal } from '../../../src/core/runs/seal.ts';
import { verifier } from '../../../src/seals/ed25519.ts';
import { newSigner } from '../../sealer.ts';

/** Sound seals over so many chains each, and the way to read them. */
const sealed = (...chains: readonly number[]) => {
  const signer = newSigner();
  const seals: Seal[] = [];
  const heads: SealedHead[] = [];
  for (const [place, count] of chains.entries()) {
    const number = place + 1;
    const own = Array.from({ length: count }, (_, index) => ({
      seal: number,
      chain: `R${number}-${index}`,
      seq: 1,
      hash: 'a'.repeat(64),
    }));
    const part = { at: number, events: count, heads: inOrder(own), key: signer.key };
    const seal = nextSeal(seals.at(-1), part);
    seals.push({ ...seal, signature: signer.sign(seal.hash) });
    heads.push(...own);
  }
  const history = {
    seals: (after: number, limit: number) => Promise.resolve(seals.slice(after, after + limit)),
    headsOfSeals: (from: number, to: number) =>
      Promise.resolve(heads.filter(({ seal }) => seal >= from && seal <= to)),
  };
  const checks = { verifies: verifier(), keys: new Set([signer.key]), published: new Map(), publishedIn: '' };
  return { history, checks, seals };
};

const fromTheFirst: SealWalk = { newest: undefined, signers: new Set() };

test('others get their turn after every thousand chains, however many seals name them', async () => {
  const { history, checks } = sealed(1000, 600, 399, 1, 999, 3);
  let rests = 0;
  const rest = () => Promise.resolve(void (rests += 1));
  const walked = await verifySeals(history, checks, fromTheFirst, rest);
  expect(walked.fault).toBeUndefined();
  expect(walked.newest?.number).toBe(6);
  expect(rests).toBe(3);
});

test('small seals are checked in one go', async () => {
  const { history, checks, seals } = sealed(...Array.from({ length: 45 }, () => 2));
  let rests = 0;
  const rest = () => Promise.resolve(void (rests += 1));
  const walked = await verifySeals(history, checks, fromTheFirst, rest);
  expect(walked).toMatchObject({ newest: seals.at(-1) });
  expect(rests).toBe(0);
});

test('a rest hides no fault behind it', async () => {
  const { history, checks } = sealed(1000, 1000, 2);
  const headsOfSeals = async (from: number, to: number) =>
    (await history.headsOfSeals(from, to)).filter(({ chain }) => chain !== 'R3-1');
  const rest = () => Promise.resolve();
  const walked = await verifySeals({ ...history, headsOfSeals }, checks, fromTheFirst, rest);
  expect(walked.fault).toEqual({ seal: 3, words: 'its list of heads was changed' });
  expect(walked.newest?.number).toBe(2);
});
