import { existsSync, lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The folders of one installation below its prefix. */
export interface Place {
  readonly prefix: string;
  /** One folder for each release, named by its id. */
  readonly releases: string;
  /** What outlives releases: `.env`, `textops.yaml` and `data/`. Every process runs in it. */
  readonly shared: string;
  /** The release that runs; one link. */
  readonly current: string;
  /** What it was configured with, by hash; without any secret. */
  readonly configs: string;
  readonly ledger: string;
  readonly lock: string;
}

export const placeAt = (prefix: string): Place => ({
  prefix,
  releases: join(prefix, 'releases'),
  shared: join(prefix, 'shared'),
  current: join(prefix, 'current'),
  configs: join(prefix, 'configs'),
  ledger: join(prefix, 'ledger.jsonl'),
  lock: join(prefix, 'deploy.lock'),
});

/** The id of the release that `current` names; undefined before the first one. */
export const currentId = ({ current }: Pick<Place, 'current'>): string | undefined => {
  try {
    return lstatSync(current).isSymbolicLink() ? basename(readlinkSync(current)) : undefined;
  } catch {
    return undefined;
  }
};

/** In one step: whoever looks sees the old one or the new one. Relative, so that the prefix may be moved. */
export const switchTo = ({ current, releases }: Place, id: string): void => {
  if (!existsSync(join(releases, id))) throw new Error(`there is no release ${id}`);
  const next = `${current}.next`;
  rmSync(next, { force: true });
  symlinkSync(join('releases', id), next);
  renameSync(next, current);
};
