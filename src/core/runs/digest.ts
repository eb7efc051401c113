import type { JobVersion } from '../jobs/job.ts';
import { canonical } from './canonical.ts';
import { sha256Hex } from './hash.ts';
import type { Terms } from './run.ts';

/** One hash for everything that a job version says: what runs, parameters, policies, timeout, names of secrets. */
export const specHash = (job: JobVersion): string => {
  const known = hashes.get(job);
  if (known !== undefined) return known;
  const hash = sha256Hex(canonical(exact({ key: job.key, version: job.version, spec: job.spec })));
  hashes.set(job, hash);
  return hash;
};

/** A version never changes, and it is asked for with every start. */
const hashes = new WeakMap<JobVersion, string>();

/**
 * What an approval approves (PRODUCT 4): exactly this version with exactly these parameters and files, for this run and
 * this epoch. Cards show its first six characters.
 */
export const digestOf = (
  terms: Pick<Terms, 'runId' | 'jobKey' | 'jobVersion' | 'params' | 'specHash' | 'files'>,
  epoch: number,
): string =>
  sha256Hex(
    canonical({
      runId: terms.runId,
      epoch,
      job: terms.jobKey,
      version: terms.jobVersion,
      params: terms.params,
      spec: terms.specHash,
      files: terms.files,
    }),
  );

/** A definition may hold fractions (bounds, the body of a request); they are hashed as their decimal text. */
const exact = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : { decimal: String(value) };
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, exact(each)]));
};
