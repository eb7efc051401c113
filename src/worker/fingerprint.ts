import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandTarget } from '../core/jobs/job.ts';
import type { Fingerprint } from '../core/ports/executor.ts';
import { type Environment, findProgram, workingFolder } from './executors/find-program.ts';
import { isPlaceholder } from './executors/placeholders.ts';
import { hasCode } from './process/process-table.ts';

export interface FingerprintOptions {
  /** The folder of textops.yaml. */
  readonly baseDir: string;
  /** Ours: its PATH finds programs that are named without a slash. */
  readonly environment: Environment;
  readonly hashFile?: (path: string) => Promise<string>;
  readonly nowMs?: () => number;
}

/** The bytes that a command would run: its program, and every argument that names a file. */
export const fingerprint = (options: FingerprintOptions): Fingerprint => {
  const digest = cachedDigest(options.hashFile ?? hashFile, options.nowMs ?? Date.now);
  return async (target) => {
    if (target.kind !== 'command') return {};
    const found: Record<string, string> = {};
    for (const path of await filesOf(target, options)) {
      const hash = await digest(path);
      if (hash !== undefined) found[path] = hash;
    }
    return found;
  };
};

const filesOf = async (target: CommandTarget, options: FingerprintOptions): Promise<ReadonlySet<string>> => {
  const [program, ...rest] = target.command;
  const folder = workingFolder(target.cwd, options.baseDir);
  const file =
    program === undefined || isPlaceholder(program)
      ? undefined
      : await findProgram(program, options.baseDir, options.environment);
  const named = rest.filter((text) => text !== '' && !text.includes('\0') && !isPlaceholder(text));
  return new Set([...(file === undefined ? [] : [file]), ...named.map((text) => resolve(folder, text))]);
};

/** A file this fresh could change again within the same tick of its clock, so its hash is not kept. */
const FRESH_MS = 2000;
const CACHE_MAX = 1000;

const cachedDigest = (hash: (path: string) => Promise<string>, nowMs: () => number) => {
  const cache = new Map<string, { readonly version: string; readonly digest: string }>();
  return async (path: string): Promise<string | undefined> => {
    const before = await versionOf(path);
    if (before === undefined) return undefined;
    const known = cache.get(path);
    if (known?.version === before.version) return known.digest;
    const digest = await hash(path);
    const after = await versionOf(path);
    cache.delete(path);
    if (after?.version !== before.version || nowMs() - before.changedMs < FRESH_MS) return digest;
    const [oldest] = cache.keys();
    if (cache.size >= CACHE_MAX && oldest !== undefined) cache.delete(oldest);
    cache.set(path, { version: before.version, digest });
    return digest;
  };
};

/** `ctime` cannot be set back by whoever wrote the file; `mtime` can. */
const versionOf = async (path: string) => {
  const found = await statOrMissing(path);
  if (found?.isFile() !== true) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = found;
  return { version: [dev, ino, size, mtimeNs, ctimeNs].join(':'), changedMs: Number(ctimeMs) };
};

/** An argument need not be a path; whatever cannot be one is no file. */
const statOrMissing = async (path: string) => {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EACCES', 'ELOOP')) return undefined;
    throw error;
  }
};

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
};
