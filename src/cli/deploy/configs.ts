import { existsSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { LoadedCatalog } from '../configuration.ts';
import { ownerOf } from './owner.ts';
import type { Place } from './place.ts';

/**
 * Keeps what the installation is configured with, under the hash that the ledger names. Only the file of jobs and people: secrets
 * are in `.env`, which is never copied. Samples have no file.
 */
export const keepConfig = async (
  { configs }: Pick<Place, 'configs'>,
  hash: string,
  { file, text }: Pick<LoadedCatalog, 'file' | 'text'>,
): Promise<void> => {
  if (text === undefined) return;
  await mkdir(configs, { recursive: true, mode: 0o700 });
  const copy = join(configs, `${hash}${extname(file)}`);
  await writeFile(`${copy}.part`, text, { mode: 0o600 });
  await rename(`${copy}.part`, copy);
};

/** The texts that are kept in this format, by their hashes. */
export const keptConfigs = async (
  { configs }: Pick<Place, 'configs'>,
  format: string,
): Promise<ReadonlyMap<string, string>> => {
  if (!existsSync(configs)) return new Map();
  const names = (await readdir(configs)).filter((name) => extname(name) === format);
  const texts = names.map(
    async (name): Promise<[string, string]> => [
      name.slice(0, -format.length),
      await readFile(join(configs, name), 'utf8'),
    ],
  );
  return new Map(await Promise.all(texts));
};

/** Beside the file of this name, where it means the same, and as readable to the program as that one. */
export const draftBeside = async (file: string, text: string): Promise<string> => {
  const format = extname(file);
  const draft = `${file.slice(0, -format.length)}.next${format}`;
  await writeFile(draft, text, { mode: 0o600 });
  const like = existsSync(file) ? statSync(file) : undefined;
  if (like !== undefined) await chmod(draft, like.mode & 0o777);
  const { uid, gid } = like ?? ownerOf(dirname(file));
  if (process.getuid?.() === 0 && uid !== undefined && gid !== undefined) await chown(draft, uid, gid);
  return draft;
};
