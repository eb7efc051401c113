import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GENESIS } from '../../../src/core/runs/chain.ts';
import {
  headsHash,
  inOrder,
  keyId,
  nextSeal,
  readSealLine,
  type Seal,
  sealHash,
  sealLine,
} from '../../../src/core/runs/seal.ts';
import { noon } from '../../cast.ts';

const hex = (digit: string): string => digit.repeat(64);
const heads = [
  { chain: 'K7M2QX', seq: 6, hash: hex('a') },
  { chain: 'system', seq: 3, hash: hex('b') },
];
const first = nextSeal(undefined, { at: noon, events: 9, heads, key: hex('1') });
const seal: Seal = { ...first, signature: 'c'.repeat(128) };

describe('a seal', () => {
  test('is the first, or follows on the one before', () => {
    expect(first).toMatchObject({ number: 1, previous: GENESIS, events: 9, key: hex('1') });
    const second = nextSeal(first, { at: noon + 1, events: 1, heads: [], key: hex('1') });
    expect(second).toMatchObject({ number: 2, previous: first.hash });
  });

  test('says nothing that its hash does not cover', () => {
    const changes: Partial<Seal>[] = [
      { number: 2 },
      { at: noon + 1 },
      { previous: hex('2') },
      { events: 10 },
      { heads: hex('3') },
      { key: hex('4') },
    ];
    const hashes = changes.map((change) => sealHash({ ...seal, ...change }));
    expect(new Set([sealHash(seal), ...hashes]).size).toBe(changes.length + 1);
    expect(sealHash(seal)).toBe(seal.hash);
  });

  test('covers each of its heads, in one order wherever they come from', () => {
    expect(headsHash(inOrder(heads.toReversed()))).toBe(seal.heads);
    expect(headsHash(heads.toReversed())).not.toBe(seal.heads);
    for (const [index, head] of heads.entries()) {
      const spoilt = [
        { ...head, chain: 'K7M2QY' },
        { ...head, seq: 7 },
        { ...head, hash: hex('d') },
      ];
      for (const other of spoilt) expect(headsHash(heads.with(index, other))).not.toBe(seal.heads);
      expect(headsHash(heads.toSpliced(index, 1))).not.toBe(seal.heads);
    }
  });

  test('capitals come before small letters, as they do everywhere outside of a database', () => {
    const names = ['system', 'B', 'a', 'A'].map((chain) => ({ chain }));
    expect(inOrder(names).map(({ chain }) => chain)).toEqual(['A', 'B', 'a', 'system']);
  });
});

describe('a published seal', () => {
  test('is one line that reads back', () => {
    const line = sealLine(seal);
    expect(line).toBe(`1 ${seal.hash} 2026-11-21T12:00:00.000Z ${hex('1')} ${'c'.repeat(128)}`);
    expect(readSealLine(line)).toEqual({ number: 1, hash: seal.hash, key: hex('1') });
    expect(readSealLine(`${line}\r`)).toEqual({ number: 1, hash: seal.hash, key: hex('1') });
  });

  test('may be as short as a chat tells it', () => {
    expect(readSealLine(`41 ${hex('e')}`)).toEqual({ number: 41, hash: hex('e') });
  });

  test.each(['', 'seal 1', `0 ${hex('a')}`, `-1 ${hex('a')}`, `1 ${hex('A')}`, `1 ${hex('a')} ${hex('1')}`])(
    '%j is none',
    (line) => expect(readSealLine(line)).toBeUndefined(),
  );

  test('is read from no other text', () =>
    fc.assert(fc.property(fc.string(), (text) => readSealLine(text) === undefined)));
});

test('the short name of a key is stable, and differs between keys', () => {
  expect(keyId(hex('1'))).toMatch(/^[0-9a-f]{16}$/);
  expect(keyId(hex('1'))).toBe(keyId(hex('1')));
  expect(keyId(hex('1'))).not.toBe(keyId(hex('2')));
});
