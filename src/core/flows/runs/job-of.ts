import type { JobVersion } from '../../jobs/job.ts';
import { uncatalogued } from '../../jobs/self-test.ts';
import type { IJobCatalog } from '../../ports/store.ts';
import type { LiveRun } from '../../runs/run.ts';

/** The version that a run was asked for with. */
export const jobOf = async (
  { store }: { readonly store: { readonly catalog: Pick<IJobCatalog, 'version'> } },
  run: LiveRun,
): Promise<JobVersion | undefined> =>
  run.jobVersion === 0 ? uncatalogued(run.jobKey) : store.catalog.version(run.jobKey, run.jobVersion);
