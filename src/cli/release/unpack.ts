import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { extract } from 'tar';
import { Stop } from '../voice/stop.ts';
import { differences, sha256Of } from './checksums.ts';
import { type Manifest, readManifest, SUMS } from './manifest.ts';

/**
 * Unpacks an archive into a folder of `releases` that has its id for a name, and proves that it is what was built. Whatever is
 * refused leaves nothing behind; one that is there already is proved again.
 */
export const unpackRelease = async (
  archive: string,
  releases: string,
): Promise<{ readonly folder: string; readonly manifest: Manifest }> => {
  if (!existsSync(archive)) throw new Stop({ code: 'NOT_FOUND', message: `There is no file ${archive}.` });
  await assertAsBuilt(archive);
  await mkdir(releases, { recursive: true });
  const part = join(releases, `.unpacking-${process.pid}`);
  try {
    await mkdir(part);
    await unpack(archive, part);
    const manifest = await provenManifest(part, archive);
    const folder = join(releases, manifest.id);
    if (existsSync(folder)) await rm(folder, { recursive: true });
    await rename(part, folder);
    return { folder, manifest };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
};

/** Beside the archive lies what it should be; without that file its own list still shows every change inside. */
const assertAsBuilt = async (archive: string): Promise<void> => {
  const beside = `${archive}.sha256`;
  if (!existsSync(beside)) return;
  const wanted = (await readFile(beside, 'utf8')).slice(0, 64);
  if (wanted === (await sha256Of(archive))) return;
  throw new Stop({ code: 'REFUSED', message: `${basename(archive)} is not what ${basename(beside)} says.` });
};

const unpack = async (archive: string, to: string): Promise<void> => {
  try {
    // Links and paths that lead out of the folder are not what a release is made of.
    await extract({ file: archive, cwd: to, strict: true, filter: (_path, entry) => isPlain(entry) });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Stop({ code: 'REFUSED', message: `${basename(archive)} cannot be unpacked: ${words}` }, error);
  }
};

const isPlain = (entry: object): boolean =>
  !('type' in entry) || entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory';

export const provenManifest = async (folder: string, name: string): Promise<Manifest> => {
  const manifest = existsSync(join(folder, SUMS))
    ? await readManifest(folder).catch(() => undefined)
    : undefined;
  if (manifest === undefined) {
    throw new Stop({ code: 'REFUSED', message: `${basename(name)} is no release of TextOps.` });
  }
  const differing = await differences(folder);
  if (differing.length === 0) return manifest;
  const lines = differing.slice(0, 5);
  throw new Stop({
    code: 'REFUSED',
    message: `${basename(name)} is not as it was built: ${lines.join(', ')}`,
    lines,
  });
};
