import type { JobVersion } from '../jobs/job.ts';
import type { Instant } from '../time/instant.ts';
import { canonical } from './canonical.ts';
import { specHash } from './digest.ts';
import { sha256Hex } from './hash.ts';
import type { Terms } from './run.ts';

/** An owner's word that a job may run without asking: for one version and the bytes that it runs, and for a time. */
export interface Acceptance {
  /** What was accepted. */
  readonly digest: string;
  readonly personId: string;
  /** The actor as the history names it. */
  readonly by: string;
  readonly at: Instant;
}

/** A never-policy is an approval given once, so it takes two, like any other that nobody looks at again. */
export const OWNERS_NEEDED = 2;

/** After this an acceptance is forgotten. */
export const ACCEPTANCE_MS = 90 * 24 * 60 * 60_000;

/** Everything that decides what a job runs, but for parameters: another script is another digest. */
export const acceptanceDigest = (job: JobVersion, files: Terms['files']): string =>
  sha256Hex(canonical({ spec: specHash(job), files }));

/** What of it is typed: long enough that nobody finds another job with the same beginning. */
export const shortDigest = (digest: string): string => digest.slice(0, 12);

/** Why an acceptance counts no longer: it was for something else, its owner has left, or it is too old. */
export type Lapse = 'changed' | 'no_owner' | 'expired';

/** undefined: it counts for what would run now. */
export const lapseOf = (
  one: Acceptance,
  {
    digest,
    owners,
    at,
  }: { readonly digest: string; readonly owners: readonly string[]; readonly at: Instant },
): Lapse | undefined => {
  if (one.digest !== digest) return 'changed';
  if (!owners.includes(one.personId)) return 'no_owner';
  return at - one.at < ACCEPTANCE_MS ? undefined : 'expired';
};
