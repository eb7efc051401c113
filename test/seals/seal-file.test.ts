import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nextSeal, type Seal, sealLine } from '../../src/core/runs/seal.ts';
import { readSealFile, sealFile } from '../../src/seals/seal-file.ts';
import { noon } from '../cast.ts';
import { newSigner } from '../sealer.ts';

const signer = newSigner();
const { key } = signer;

const seals = (count: number): readonly Seal[] => {
  const made: Seal[] = [];
  while (made.length < count) {
    const seal = nextSeal(made.at(-1), { at: noon + made.length, events: 1, heads: [], key });
    made.push({ ...seal, signature: signer.sign(seal.hash) });
  }
  return made;
};

const [one, two, three] = seals(3) as [Seal, Seal, Seal];

const place = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-seal-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'deeper', 'seals.log');
};

const publishedOf = ({ number, hash }: Seal) => ({ number, hash, key });

test('a file that is not there says nothing, and is made with the first seal', async () => {
  const path = await place();
  const file = sealFile(path);
  expect(await readSealFile(path)).toBeUndefined();
  expect(await file.last()).toBeUndefined();
  expect(await file.knows(key)).toBe(false);
  await file.append([one, two]);
  expect(await file.last()).toEqual(publishedOf(two));
  expect(await file.knows(key)).toBe(true);
  expect(await readFile(path, 'utf8')).toBe(`${sealLine(one)}\n${sealLine(two)}\n`);
  expect((await readSealFile(path))?.seals).toEqual(
    new Map([
      [1, publishedOf(one)],
      [2, publishedOf(two)],
    ]),
  );
});

test('what another process has added is seen', async () => {
  const path = await place();
  const [mine, theirs] = [sealFile(path), sealFile(path)];
  await mine.append([one]);
  expect(await theirs.last()).toEqual(publishedOf(one));
  await theirs.append([two]);
  expect(await mine.last()).toEqual(publishedOf(two));
});

test.each([
  ['torn in the middle', () => sealLine(two).slice(0, 90)],
  ['torn within a number', () => '2'],
])('a line that was %s is not read, and gives way to the next one', async (_, torn) => {
  const path = await place();
  const file = sealFile(path);
  await file.append([one]);
  await appendFile(path, torn());
  expect((await sealFile(path).last())?.number).toBe(1);
  expect((await readSealFile(path))?.seals.size).toBe(1);
  await file.append([two, three]);
  expect(await readFile(path, 'utf8')).toBe([one, two, three].map((seal) => `${sealLine(seal)}\n`).join(''));
});

test('a last line without its end counts, and the next one begins a line of its own', async () => {
  const path = await place();
  const file = sealFile(path);
  await file.append([one]);
  await appendFile(path, sealLine(two));
  expect((await file.last())?.number).toBe(2);
  await file.append([three]);
  expect([...((await readSealFile(path))?.seals.keys() ?? [])]).toEqual([1, 2, 3]);
});

test('the same line twice says nothing new; empty lines say nothing', async () => {
  const path = await place();
  await sealFile(path).append([one, one, two]);
  await appendFile(path, '\n\n');
  expect((await readSealFile(path))?.seals.size).toBe(2);
  expect((await sealFile(path).last())?.number).toBe(2);
});

test('a line that is none, and two seals of one number, are named with their place', async () => {
  const path = await place();
  await sealFile(path).append([one]);
  await appendFile(path, 'rm -rf\n');
  await expect(readSealFile(path)).rejects.toThrow(`${path}:2 is no published seal`);
  await expect(sealFile(path).last()).rejects.toThrow(`${path}:2 is no published seal`);
  await writeFile(path, `${sealLine(one)}\n1 ${two.hash}\n`);
  await expect(readSealFile(path)).rejects.toThrow(`${path}:2 names another seal 1 than a line before it`);
});

test('a file of many thousand lines is read to its end', async () => {
  const path = await place();
  const many = seals(3000);
  await sealFile(path).append(many);
  expect((await readSealFile(path))?.seals.size).toBe(3000);
  expect(await sealFile(path).last()).toEqual(publishedOf(many.at(-1) ?? one));
});
