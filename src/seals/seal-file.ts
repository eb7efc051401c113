import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ISealFile } from '../core/ports/history.ts';
import { type PublishedSeal, readSealLine, type Seal, sealLine } from '../core/runs/seal.ts';

/** Everything that a file of published seals says. */
export interface PublishedSeals {
  readonly seals: ReadonlyMap<number, PublishedSeal>;
  readonly keys: ReadonlySet<string>;
}

/** Undefined when there is no such file. Throws, with the line, for what is no published seal. */
export const readSealFile = async (path: string): Promise<PublishedSeals | undefined> => {
  const seals = new Map<number, PublishedSeal>();
  const keys = new Set<string>();
  const found = await scan(path, (seal, line) => {
    if (seals.has(seal.number) && seals.get(seal.number)?.hash !== seal.hash) {
      throw new Error(`${path}:${line} names another seal ${seal.number} than a line before it`);
    }
    seals.set(seal.number, seal);
    if (seal.key !== undefined) keys.add(seal.key);
  });
  return found ? { seals, keys } : undefined;
};

/** Any number of processes may add to the same file; each looks again when it has grown. */
export const sealFile = (path: string): ISealFile => {
  let seen: { readonly size: number; readonly last?: PublishedSeal; readonly keys: ReadonlySet<string> };
  seen = { size: -1, keys: new Set() };
  const look = async (): Promise<typeof seen> => {
    const size = (await sizeOf(path)) ?? 0;
    if (size === seen.size) return seen;
    let last: PublishedSeal | undefined;
    const keys = new Set<string>();
    await scan(path, (seal) => {
      if (seal.number >= (last?.number ?? 0)) last = seal;
      if (seal.key !== undefined) keys.add(seal.key);
    });
    seen = { size, keys, ...(last !== undefined && { last }) };
    return seen;
  };
  return {
    name: path,
    last: async () => (await look()).last,
    knows: async (key) => (await look()).keys.has(key),
    append: (seals) => append(path, seals),
  };
};

/** One write, on disk before it returns. */
const append = async (path: string, seals: readonly Seal[]): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+', 0o644);
  try {
    const begin = await repaired(file);
    await file.write(`${begin}${seals.map((seal) => `${sealLine(seal)}\n`).join('')}`);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Whoever wrote the last line may have died in the middle of it; what has to stand before the next one. */
const repaired = async (file: FileHandle): Promise<'' | '\n'> => {
  const { size } = await file.stat();
  const from = Math.max(0, size - LINE_BYTES_MAX);
  const { buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const rest = buffer.subarray(buffer.lastIndexOf('\n') + 1);
  if (rest.length === 0) return '';
  if (readSealLine(rest.toString()) !== undefined) return '\n';
  await file.truncate(size - rest.length);
  return '';
};

const LINE_BYTES_MAX = 1024;

/** False when there is no such file. What ends without a line feed and says nothing is a line that was never finished. */
const scan = async (path: string, each: (seal: PublishedSeal, line: number) => void): Promise<boolean> => {
  if ((await sizeOf(path)) === undefined) return false;
  let line = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line += 1;
      if (text.trim() === '') continue;
      const seal = readSealLine(text);
      if (seal === undefined) throw new Error(`${path}:${line} is no published seal`);
      each(seal, line);
    }
  }
  const last = readSealLine(rest);
  if (last !== undefined) each(last, line + 1);
  return true;
};

const sizeOf = async (path: string): Promise<number | undefined> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};
