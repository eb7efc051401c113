import { isDeepStrictEqual } from 'node:util';
import { type CatalogRecord, catalogRecord } from '../../core/jobs/catalog-record.ts';
import type { JobSource, JobSpec, JobVersion } from '../../core/jobs/job.ts';
import type { IJobCatalog } from '../../core/ports/store.ts';
import { fromJson, toJson } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { appendRecords } from '../history/events.ts';
import { recentRead } from '../recent.ts';
import { first, rows, type Steps } from '../steps.ts';

/** Other processes change the catalog too; this is how long we may not notice. */
const freshMs = 1_000;
const versionsMax = 1_000;

export const catalogOf = (engine: Engine): IJobCatalog => {
  const { recent: jobs, forget } = recentRead(freshMs, async (): Promise<ReadonlyMap<string, JobVersion>> => {
    const found = await engine.read(() => currentJobs());
    return new Map(found.map((job) => [job.key, job]));
  });
  // A version never changes, so it may be remembered for as long as there is room.
  const known = new Map<string, JobVersion>();
  const changing = async <T>(work: () => Steps<T>): Promise<T> => {
    try {
      return await engine.write(work);
    } finally {
      forget();
    }
  };
  return {
    find: async (key) => (await jobs()).get(key),
    list: async () => [...(await jobs()).values()],
    version: async (key, version) => {
      const name = `${key}@${version}`;
      const found = known.get(name) ?? (await engine.read(() => oneVersion(key, version)));
      if (known.size >= versionsMax) known.clear();
      if (found !== undefined) known.set(name, found);
      return found;
    },
    versions: (key) => engine.read(() => jobVersions('where v.key = $1 order by v.version', key)),
    replaceFileJobs: (list, source, at, by) => changing(() => replaceFileJobs(list, source, at, by)),
    put: (p) => changing(() => put(p)),
  };
};

interface VersionRow {
  readonly key: string;
  readonly version: number;
  readonly source: JobSource;
  readonly spec: string;
}

function* jobVersions(tail: string, ...params: readonly (string | number)[]): Steps<readonly JobVersion[]> {
  const found = yield* rows<VersionRow>(
    `select v.key, v.version, v.source, v.spec from job_versions v ${tail}`,
    ...params,
  );
  return found.map((row) => ({ ...row, spec: fromJson(row.spec) as JobSpec }));
}

const currentJobs = () =>
  jobVersions(
    'join jobs j on j.key = v.key and j.version = v.version where j.retired_at is null order by v.key',
  );

function* oneVersion(key: string, version: number): Steps<JobVersion | undefined> {
  return (yield* jobVersions('where v.key = $1 and v.version = $2', key, version))[0];
}

interface JobRow {
  readonly key: string;
  readonly version: number;
  readonly source: JobSource;
  readonly retired_at: number | null;
}

type Changes = Awaited<ReturnType<IJobCatalog['replaceFileJobs']>>;

function* replaceFileJobs(
  list: Parameters<IJobCatalog['replaceFileJobs']>[0],
  source: 'file' | 'sample',
  at: number,
  by: string | undefined,
): Steps<Changes> {
  const existing = yield* rows<JobRow>(
    'select key, version, source, retired_at from jobs order by key for update',
  );
  const byKey = new Map(existing.map((job) => [job.key, job]));
  const made: Made[] = [];
  for (const { key, spec } of list) {
    const one = yield* replaceOne({ key, spec, source, at }, byKey.get(key));
    if (one !== undefined) made.push(one);
  }
  const wanted = new Set(list.map(({ key }) => key));
  for (const { key, version, source: owner, retired_at } of existing) {
    if (owner === 'api' || retired_at !== null || wanted.has(key)) continue;
    yield* rows('update jobs set retired_at = $2 where key = $1', key, at);
    made.push({ key, version, change: 'retired', record: retirement(key, version) });
  }
  if (by !== undefined) yield* appendRecords(made.map(({ record }) => ({ ...record, at, actor: by })));
  return made.map(({ key, version, change }) => ({ key, version, change }));
}

interface Definition {
  readonly key: string;
  readonly spec: JobSpec;
  readonly source: JobSource;
  readonly at: number;
}

type Made = Changes[number] & { readonly record: CatalogRecord };

function* replaceOne(given: Definition, job: JobRow | undefined): Steps<Made | undefined> {
  const { key, spec, source, at } = given;
  const newest = job === undefined ? undefined : yield* oneVersion(key, job.version);
  const change = job === undefined || job.retired_at !== null ? 'new' : 'changed';
  if (job !== undefined && newest?.source === source && sameJson(newest.spec, spec)) {
    if (job.retired_at === null) return undefined;
    // It comes back exactly as it was, so the version that people know is still right.
    yield* setCurrent({ key, version: job.version, source });
    return { key, version: job.version, change, record: catalogRecord('JobCreated', newest) };
  }
  const made = yield* addVersion({ key, spec, source, at }, job);
  const type = change === 'new' ? 'JobCreated' : 'JobChanged';
  return { key, version: made.version, change, record: catalogRecord(type, made, newest) };
}

const retirement = (jobKey: string, version: number): CatalogRecord => ({
  type: 'JobRetired',
  payload: { jobKey, version, changed: [] },
});

const sameJson = (a: JobSpec, b: JobSpec): boolean =>
  isDeepStrictEqual(fromJson(toJson(a)), fromJson(toJson(b)));

type Put = Parameters<IJobCatalog['put']>[0];

function* put({ key, spec, mode, from, by, at }: Put): Steps<Awaited<ReturnType<IJobCatalog['put']>>> {
  const job = yield* first<JobRow>(
    'select key, version, source, retired_at from jobs where key = $1 for update',
    key,
  );
  const isThere = job !== undefined && job.retired_at === null;
  if (mode === 'create' && isThere) return 'exists';
  if (mode === 'change' && !isThere) return 'unknown';
  if (mode === 'change' && job?.source !== 'api') return 'owned_by_file';
  if (from !== undefined && job?.version !== from) return 'stale_version';
  const before = job === undefined ? undefined : yield* oneVersion(key, job.version);
  const made = yield* addVersion({ key, spec, source: 'api', at }, job);
  const type = mode === 'create' ? 'JobCreated' : 'JobChanged';
  yield* appendRecords([{ ...catalogRecord(type, made, before), at, actor: by }]);
  return made;
}

function* addVersion({ key, spec, source, at }: Definition, job: JobRow | undefined): Steps<JobVersion> {
  const version = (job?.version ?? 0) + 1;
  yield* rows(
    'insert into job_versions (key, version, source, spec, created_at) values ($1, $2, $3, $4, $5)',
    key,
    version,
    source,
    toJson(spec),
    at,
  );
  yield* setCurrent({ key, version, source });
  return { key, version, source, spec };
}

function* setCurrent({ key, version, source }: Omit<JobVersion, 'spec'>): Steps<void> {
  yield* rows(
    'insert into jobs (key, version, source) values ($1, $2, $3) on conflict (key) ' +
      'do update set version = excluded.version, source = excluded.source, retired_at = null',
    key,
    version,
    source,
  );
}
