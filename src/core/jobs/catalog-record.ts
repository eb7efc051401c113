import { diffSpecs } from './diff.ts';
import type { JobVersion } from './job.ts';

/** What the history keeps of a change of the catalog: which version, and the paths of what it says otherwise. */
export interface CatalogRecord {
  readonly type: 'JobCreated' | 'JobChanged' | 'JobRetired';
  readonly payload: {
    readonly jobKey: string;
    readonly version: number;
    readonly changed: readonly string[];
  };
}

/** `before`: the newest version until now; values are left out, they stand in the versions. */
export const catalogRecord = (
  type: CatalogRecord['type'],
  now: JobVersion,
  before: JobVersion = now,
): CatalogRecord => {
  const { key: jobKey, version } = now;
  const paths = diffSpecs(before.spec, now.spec).map(({ path }) => path);
  const changed = before.source === now.source ? paths : [...paths, 'source'];
  return { type, payload: { jobKey, version, changed } };
};
