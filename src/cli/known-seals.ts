import { relative, resolve } from 'node:path';
import type { PublishedSeal } from '../core/runs/seal.ts';
import { readSealKey, SealKeyRefused, sealFileBeside } from '../seals/key-file.ts';
import { readSealFile } from '../seals/seal-file.ts';
import { Stop } from './voice/stop.ts';

/** What is known about seals outside of the database. */
export interface KnownSeals {
  readonly published: ReadonlyMap<number, PublishedSeal>;
  /** Where they were read, as people call it. */
  readonly publishedIn: string;
  readonly keys: ReadonlySet<string>;
}

/** From a file of published seals, by default the one beside the key, and from the key itself as far as we may read it. */
export const knownSeals = async (
  { cwd, sealKeyFile }: { readonly cwd: string; readonly sealKeyFile: string },
  named: string | undefined,
): Promise<KnownSeals> => {
  const path = named === undefined ? sealFileBeside(sealKeyFile) : resolve(cwd, named);
  const inside = relative(cwd, path);
  const publishedIn = inside.startsWith('..') ? path : inside;
  const file = await readSealFile(path).catch((error: unknown) => {
    throw new Stop({ code: 'FAILED', message: wordsOf(error, path) }, error);
  });
  if (file === undefined && named !== undefined) {
    throw new Stop({ code: 'NOT_FOUND', message: `There is no file ${path}.` });
  }
  const own = await ownKey(sealKeyFile);
  return {
    published: file?.seals ?? new Map<number, PublishedSeal>(),
    publishedIn,
    keys: new Set([...(file?.keys ?? []), ...(own === undefined ? [] : [own])]),
  };
};

/** Of what a line says, the reader's own sentence; of a file that cannot be read, what the system calls it. */
const wordsOf = (error: unknown, path: string): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? `${path} cannot be read (${String(error.code)})` : error.message;
};

/** An auditor need not be able to read it. */
const ownKey = async (file: string): Promise<string | undefined> => {
  try {
    return (await readSealKey(file))?.key;
  } catch (error) {
    if (error instanceof SealKeyRefused) return undefined;
    throw error;
  }
};
