import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ISealSigner } from '../core/ports/history.ts';
import { sealSigner } from './ed25519.ts';

/** A key that cannot be used; the message says why, and never what stands in the file. */
export class SealKeyRefused extends Error {}

/** The key of this installation, made at its first use. The file is for its owner only. */
export const openSealKey = async (file: string): Promise<ISealSigner> =>
  (await readSealKey(file)) ?? (await makeSealKey(file));

/** Undefined when there is no such file. */
export const readSealKey = async (file: string): Promise<ISealSigner | undefined> => {
  const text = await textOf(file);
  return text === undefined ? undefined : sealSigner(privateKeyOf(text, file));
};

/** Published seals are kept beside the key: whoever may read the one may write the other. */
export const sealFileBeside = (keyFile: string): string => join(dirname(keyFile), 'seals.log');

const makeSealKey = async (file: string): Promise<ISealSigner> => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const whole = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(whole, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    // It appears with all that is in it, or not at all: nobody reads half a key.
    await link(whole, file);
    return sealSigner(privateKey);
  } catch (error) {
    // Another process that starts at the same moment was faster; its key is the key.
    const made = codeOf(error) === 'EEXIST' ? await readSealKey(file) : undefined;
    if (made !== undefined) return made;
    throw new SealKeyRefused(`${file} cannot be made (${codeOf(error)})`, { cause: error });
  } finally {
    await rm(whole, { force: true });
  }
};

const textOf = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new SealKeyRefused(`${file} cannot be read (${codeOf(error)})`, { cause: error });
  }
};

const privateKeyOf = (text: string, file: string): KeyObject => {
  const refused = (cause?: unknown): SealKeyRefused =>
    new SealKeyRefused(`${file} holds no private Ed25519 key in PEM`, { cause });
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType !== 'ed25519') throw refused();
    return key;
  } catch (error) {
    throw error instanceof SealKeyRefused ? error : refused(error);
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
