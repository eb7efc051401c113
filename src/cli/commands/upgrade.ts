import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { CliContext } from '../context.ts';
import { ofRelease } from '../deploy/of-release.ts';
import { currentId, type Place, placeAt } from '../deploy/place.ts';
import { unpackRelease } from '../release/unpack.ts';
import { factsOf, type Release, upgradeLines, upgradeOf } from '../release/upgrade.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

export interface UpgradeOptions {
  readonly prefix: string;
}

/**
 * `textops upgrade --check FILE`: what a release would change here, read from the archive itself, which is proved and unpacked beside and thrown away
 * again. Nothing of the installation is touched; whether it would start here, `deploy` asks it.
 */
export const upgradeCheck = async (
  { voice, io }: CliContext,
  file: string,
  options: UpgradeOptions,
): Promise<ExitCode> => {
  const place = placeAt(resolve(io.cwd, options.prefix));
  const beside = await mkdtemp(join(tmpdir(), 'textops-upgrade-'));
  try {
    const { folder } = await unpackRelease(resolve(io.cwd, file), beside);
    const id = currentId(place);
    const before = id === undefined ? undefined : await read(place, id);
    const after = await read({ releases: dirname(folder), shared: beside }, basename(folder));
    const upgrade = upgradeOf(before, after, process.versions.node);
    if (voice.json) voice.document('upgrade', upgrade);
    else voice.data(upgradeLines(upgrade).join('\n'));
    return upgrade.node.enough ? EXIT.done : EXIT.failed;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
};

/** A release that cannot say what it is configured with has no keys to compare. */
const read = async (place: Pick<Place, 'releases' | 'shared'>, id: string): Promise<Release> => {
  const { code, stdout } = await ofRelease(place, id, ['config', 'schema']);
  return factsOf(join(place.releases, id), code === 0 ? JSON.parse(stdout) : undefined);
};
