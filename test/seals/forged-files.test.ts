import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nextSeal, type Seal, sealLine } from '../../src/core/runs/seal.ts';
import { sealSigner, verifier } from '../../src/seals/ed25519.ts';
import { openSealKey, readSealKey } from '../../src/seals/key-file.ts';
import { readSealFile, sealFile } from '../../src/seals/seal-file.ts';
import { noon } from '../cast.ts';
import { newSigner } from '../sealer.ts';

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-forged-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
};

const signer = newSigner();

const sealsOf = (count: number, by = signer): readonly Seal[] => {
  const made: Seal[] = [];
  while (made.length < count) {
    const seal = nextSeal(made.at(-1), { at: noon + made.length, events: 1, heads: [], key: by.key });
    made.push({ ...seal, signature: by.sign(seal.hash) });
  }
  return made;
};

const numbersIn = async (path: string): Promise<readonly number[]> => [
  ...((await readSealFile(path))?.seals.keys() ?? []),
];

describe('a file of published seals', () => {
  const [one, two, three] = sealsOf(3) as [Seal, Seal, Seal];
  const whole = `${sealLine(one)}\n${sealLine(two)}\n`;

  test('that was cut off anywhere says what stood before, and goes on with the next seal', async () => {
    const path = join(await folder(), 'seals.log');
    const first = `${sealLine(one)}\n`.length;
    // A number and a hash say all that counts; behind them comes all of the rest, or a space at most.
    const told = first + `2 ${two.hash}`.length;
    for (let cut = first; cut <= whole.length; cut += 1) {
      const between = cut > told + 1 && cut < whole.length - 1;
      const expected = cut < told || between ? [1] : [1, 2];
      await writeFile(path, whole.slice(0, cut));
      expect([cut, await numbersIn(path)]).toEqual([cut, expected]);
      await sealFile(path).append([three]);
      expect([cut, await numbersIn(path)]).toEqual([cut, [...expected, 3]]);
      expect((await readFile(path, 'utf8')).endsWith(`\n${sealLine(three)}\n`)).toBe(true);
    }
  });

  test('that several add to at the same moment has all of it, line by line', async () => {
    const path = join(await folder(), 'deep', 'er', 'seals.log');
    const many = sealsOf(24);
    await Promise.all(many.map((seal) => sealFile(path).append([seal])));
    expect((await numbersIn(path)).toSorted((a, b) => a - b)).toEqual(many.map(({ number }) => number));
    expect((await readFile(path, 'utf8')).trimEnd().split('\n').toSorted()).toEqual(
      many.map(sealLine).toSorted(),
    );
  });

  test('may have been put together by hand: another order, other ends of lines, gaps, short forms', async () => {
    const path = join(await folder(), 'seals.log');
    await writeFile(path, `\r\n${sealLine(three)}\r\n\n1 ${one.hash}   \r\n  \n`);
    expect(await numbersIn(path)).toEqual([3, 1]);
    const file = sealFile(path);
    // The newest is the one with the largest number, wherever it stands.
    expect((await file.last())?.number).toBe(3);
    expect([await file.knows(one.key), await file.knows(newSigner().key)]).toEqual([true, false]);
  });

  test('knows every key that ever signed', async () => {
    const path = join(await folder(), 'seals.log');
    const other = newSigner();
    const [, second] = sealsOf(2, other) as [Seal, Seal];
    await sealFile(path).append([one, second]);
    expect((await readSealFile(path))?.keys).toEqual(new Set([signer.key, other.key]));
    expect(await sealFile(path).knows(other.key)).toBe(true);
  });

  test.each([
    ['a number with a zero before it', () => `01 ${one.hash}`],
    ['number nought', () => `0 ${one.hash}`],
    ['a number that nothing counts to', () => `1${'0'.repeat(15)} ${one.hash}`],
    ['a hash in capitals', () => `1 ${one.hash.toUpperCase()}`],
    ['a hash that is short of a digit', () => `1 ${one.hash.slice(1)}`],
    ['a key without its signature', () => `1 ${one.hash} 2026-11-21T12:00:00.000Z ${one.key}`],
    ['a signature that is short of a digit', () => sealLine(one).slice(0, -1)],
    ['words behind it', () => `${sealLine(one)} ok`],
    ['two in one line', () => `1 ${one.hash} 2 ${two.hash}`],
  ])('with %s in a line is refused with its number', async (_, line) => {
    const path = join(await folder(), 'seals.log');
    await writeFile(path, `${sealLine(one)}\n\n${line()}\n`);
    await expect(readSealFile(path)).rejects.toThrow(`${path}:3 is no published seal`);
    await expect(sealFile(path).last()).rejects.toThrow(`${path}:3 is no published seal`);
  });

  test('that contradicts itself names the line, even where both are cut short', async () => {
    const path = join(await folder(), 'seals.log');
    await writeFile(path, `2 ${one.hash}\n${sealLine(one)}\n2 ${two.hash}`);
    await expect(readSealFile(path)).rejects.toThrow(`${path}:3 names another seal 2 than a line before it`);
  });
});

/** A private key of this seed, as RFC 8410 writes it. */
const keyOf = (seed: string) =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });

describe('a signature', () => {
  // The first two of section 7.1 of RFC 8032: anybody's Ed25519 says the same.
  test.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      'r',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
  ])('by the seed %s is the one of the standard', (seed, key, text, signature) => {
    const own = sealSigner(keyOf(seed));
    expect([own.key, own.sign(text)]).toEqual([key, signature]);
    expect(verifier()(key, text, signature)).toBe(true);
  });

  test('holds for its text alone, and whatever a forger writes is answered, never thrown', () => {
    const verifies = verifier();
    const hex = fc.nat(15).map((digit) => digit.toString(16));
    const digits = (count: number) =>
      fc.array(hex, { minLength: count, maxLength: count }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.string(), fc.string(), digits(64), digits(128), (text, other, key, signature) => {
        const own = signer.sign(text);
        expect(verifies(signer.key, text, own)).toBe(true);
        expect(verifies(signer.key, other, own)).toBe(text === other);
        expect(verifies(signer.key, text, signature)).toBe(false);
        expect(verifies(key, text, own)).toBe(false);
        expect(verifies(signer.key.toUpperCase(), text, own)).toBe(/^\d+$/.test(signer.key));
        expect(verifies(`${signer.key}\n`, text, own)).toBe(false);
      }),
    );
  });
});

describe('a key file', () => {
  const pem = (): string =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test.each<[string, (text: string) => string]>([
    ['with the ends of lines of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['without its last line feed', (text) => text.trimEnd()],
    ['with words before it', (text) => `The key of TextOps\n${text}`],
  ])('%s is read, and stays as it is', async (_, changed) => {
    const file = join(await folder(), 'seal.key');
    const text = pem();
    await writeFile(file, changed(text));
    const { key } = await openSealKey(file);
    expect(key).toBe(sealSigner(createPrivateKey(text)).key);
    expect(await readFile(file, 'utf8')).toBe(changed(text));
  });

  const locked = (): string =>
    generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString();
  const related = (kind: 'ed448' | 'x25519'): string => {
    const made = kind === 'ed448' ? generateKeyPairSync('ed448') : generateKeyPairSync('x25519');
    return made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  };

  test.each<[string, () => string]>([
    ['that is locked with a password', locked],
    ['of a curve that is nearly the same', () => related('ed448')],
    ['that agrees on secrets and signs nothing', () => related('x25519')],
    ['that is cut off', () => pem().slice(0, 60)],
    ['with a letter changed', () => pem().replace('MC4CAQ', 'MC4CAX')],
  ])('%s is refused, and nothing of it is repeated', async (_, make) => {
    const file = join(await folder(), 'seal.key');
    const text = make();
    await writeFile(file, text);
    const said = await readSealKey(file).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    expect(said).toBe(`Error: ${file} holds no private Ed25519 key in PEM`);
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});
