import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Manifest, ownFolder, readManifest } from './manifest.ts';

/** What can be told of where this program comes from. */
export interface BuildFacts {
  /** `unknown` where there is neither a release nor a repository. */
  readonly commit: string;
  /** Present in a release only. */
  readonly release?: Manifest;
}

export const buildFacts = async (folder = ownFolder()): Promise<BuildFacts> => {
  const release = await readManifest(folder);
  if (release !== undefined) return { commit: release.commit, release };
  return { commit: existsSync(join(folder, '.git')) ? await headOf(folder) : 'unknown' };
};

const headOf = async (folder: string): Promise<string> => {
  try {
    const git = promisify(execFile);
    const { stdout: commit } = await git('git', ['rev-parse', 'HEAD'], { cwd: folder });
    const { stdout: changes } = await git('git', ['status', '--porcelain', '--untracked-files=no'], {
      cwd: folder,
    });
    return `${commit.trim()}${changes === '' ? '' : ' and changes'}`;
  } catch {
    // No git on this machine.
    return 'unknown';
  }
};
