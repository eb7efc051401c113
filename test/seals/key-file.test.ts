import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { verifier } from '../../src/seals/ed25519.ts';
import { openSealKey, readSealKey, sealFileBeside } from '../../src/seals/key-file.ts';

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-key-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
};

test('the first use makes a key that only its owner may read, and later uses find it', async () => {
  const file = join(await folder(), 'data', 'seal.key');
  expect(await readSealKey(file)).toBeUndefined();
  const made = await openSealKey(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect((await openSealKey(file)).key).toBe(made.key);
  expect((await readSealKey(file))?.key).toBe(made.key);
});

test('of many that start at once all have the same key, and nothing else is left behind', async () => {
  const place = await folder();
  const file = join(place, 'seal.key');
  const signers = await Promise.all(Array.from({ length: 12 }, () => openSealKey(file)));
  expect(new Set(signers.map(({ key }) => key)).size).toBe(1);
  expect(await readdir(place)).toEqual(['seal.key']);
});

test('a signature is by this key, over this text, and nothing else', async () => {
  const own = await openSealKey(join(await folder(), 'seal.key'));
  const other = await openSealKey(join(await folder(), 'seal.key'));
  const verifies = verifier();
  const { key } = own;
  const signature = own.sign('a seal');
  expect(verifies(key, 'a seal', signature)).toBe(true);
  expect(verifies(key, 'a seat', signature)).toBe(false);
  expect(verifies(other.key, 'a seal', signature)).toBe(false);
  expect(verifies(key, 'a seal', other.sign('a seal'))).toBe(false);
  expect(
    verifies(
      key,
      'a seal',
      signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    ),
  ).toBe(false);
  for (const [badKey, badSignature] of [
    ['', signature],
    ['zz'.repeat(32), signature],
    [key.slice(2), signature],
    [key, ''],
    [key, signature.slice(2)],
    ['ff'.repeat(32), 'ff'.repeat(64)],
  ] as const) {
    expect(verifies(badKey, 'a seal', badSignature)).toBe(false);
  }
});

const rsa = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 1024 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const onlyPublic = (): string =>
  generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();

test.each([
  ['nothing', () => ''],
  ['words', () => 'my secret key'],
  ['a key of another kind', rsa],
  ['a public key', onlyPublic],
])('%s in the file is refused in one sentence, and stays as it is', async (_, make) => {
  const file = join(await folder(), 'seal.key');
  const text = make();
  await writeFile(file, text);
  await expect(openSealKey(file)).rejects.toThrow(`${file} holds no private Ed25519 key in PEM`);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('what cannot be read or made is refused in one sentence', async () => {
  const place = await folder();
  await mkdir(join(place, 'seal.key'));
  await expect(openSealKey(join(place, 'seal.key'))).rejects.toThrow(/seal\.key cannot be read \(EISDIR\)/);
  await writeFile(join(place, 'file'), '');
  await expect(openSealKey(join(place, 'file', 'seal.key'))).rejects.toThrow(
    /cannot be (read|made) \(ENOTDIR|EEXIST\)/,
  );
});

test('published seals are kept beside the key', () => {
  expect(sealFileBeside('/etc/textops/seal.key')).toBe('/etc/textops/seals.log');
});
