import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { withVariables } from '../../config/env-file.ts';
import { Stop } from '../voice/stop.ts';

export interface EnvChange {
  /** Those that have another value in the file now, which is lost. */
  readonly replaced: readonly string[];
  readonly commit: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** Writes the new file beside the old one, so that what is left to do is a rename; until then nothing has changed. */
export const prepareEnvFile = async (
  path: string,
  fileName: string,
  values: Readonly<Record<string, string>>,
): Promise<EnvChange> => {
  try {
    return await prepare(path, fileName, values);
  } catch (error) {
    if (error instanceof Stop) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const message = `${fileName} cannot be written (${code}); nothing changed.`;
    throw new Stop({ code: 'FAILED', message, hint: `Let ${dirname(path)} be writable.` }, error);
  }
};

const prepare = async (
  path: string,
  fileName: string,
  values: Readonly<Record<string, string>>,
): Promise<EnvChange> => {
  const old = await oldFile(path);
  const bytes = old?.bytes ?? Buffer.alloc(0);
  const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  const next = text === undefined ? undefined : withVariables(text, values);
  if (text === undefined || next === undefined) {
    const names = Object.keys(values).join(', ');
    const message = `${fileName} cannot be edited without changing what else it says; nothing changed.`;
    throw new Stop({ code: 'REFUSED', message, hint: `Write ${names} into it yourself.` });
  }
  const before = parseEnv(text);
  const target = old?.path ?? path;
  const draft = join(dirname(target), `.env-${randomUUID()}`);
  const discard = (): Promise<void> => rm(draft, { force: true });
  try {
    await write(draft, next, old);
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    replaced: Object.keys(values).filter((name) => before[name] && before[name] !== values[name]),
    commit: () => rename(draft, target),
    discard,
  };
};

interface OldFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Behind a link stands the file that others see as well. */
const oldFile = async (path: string): Promise<OldFile | undefined> => {
  try {
    const real = await realpath(path);
    const [bytes, { mode, uid, gid }] = await Promise.all([readFile(real), stat(real)]);
    return { path: real, bytes, mode: mode & 0o777, uid, gid };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const write = async (draft: string, text: string, old: OldFile | undefined): Promise<void> => {
  const file = await open(draft, 'wx', 0o600);
  try {
    const own = await file.stat();
    // Whoever runs the program reads the file; root may have been the one who links it.
    if (old !== undefined && (own.uid !== old.uid || own.gid !== old.gid)) await file.chown(old.uid, old.gid);
    await file.chmod(modeOf(old));
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** A group may be meant to read it; everybody never is, and then the group was not chosen either. */
const modeOf = (old: OldFile | undefined): number => {
  if (old === undefined || (old.mode & 0o007) !== 0) return 0o600;
  return old.mode;
};
