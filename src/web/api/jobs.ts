import { diffSpecs } from '../../core/jobs/diff.ts';
import type { JobSpec, JobVersion } from '../../core/jobs/job.ts';
import { ownersSettings } from '../../core/jobs/owners-settings.ts';
import { maySee } from '../../core/people/may.ts';
import { actorName, type Person } from '../../core/people/person.ts';
import type { IJobCatalog } from '../../core/ports/store.ts';
import { nearest } from '../../core/text/grammar/nearest.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { askerOf } from '../access/asker.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import type { KeyedBody, Route, WebContext, WebDeps } from '../web-deps.ts';
import { bodyOfPath, Fields, keyedBody } from './keyed-body.ts';
import { readBody } from './read-json.ts';

export const jobRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'GET', path: '/jobs', access: 'jobs.read', handle: listJobs(deps) },
  { method: 'POST', path: '/jobs', access: 'jobs.write', handle: createJob(deps) },
  { method: 'GET', path: '/jobs/:key', access: 'jobs.read', handle: showJob(deps) },
  { method: 'GET', path: '/jobs/:key/versions', access: 'jobs.read', handle: showVersions(deps) },
  { method: 'PUT', path: '/jobs/:key', access: 'jobs.write', handle: changeJob(deps) },
];

const listJobs = (deps: WebDeps) => async (c: WebContext) =>
  c.json({ jobs: (await sightOf(deps, c)).visible.map(jobView) });

const showJob = (deps: WebDeps) => async (c: WebContext) => {
  const key = c.req.param('key') ?? '';
  const sight = await sightOf(deps, c);
  const job = sight.visible.find((each) => each.key === key);
  if (job === undefined) throw unknownJob(key, sight);
  const versions = await deps.rooms.store.catalog.versions(key);
  return c.json({ job: jobView(job), versions: versions.map(jobView) });
};

/** Every version of a job, and what changed between two of them; between the last two unless said otherwise. */
const showVersions = (deps: WebDeps) => async (c: WebContext) => {
  const key = c.req.param('key') ?? '';
  const sight = await sightOf(deps, c);
  if (!sight.visible.some((job) => job.key === key)) throw unknownJob(key, sight);
  const versions = await deps.rooms.store.catalog.versions(key);
  const newest = versions.at(-1)?.version ?? 1;
  const to = versionOf(c, 'to', newest);
  const from = versionOf(c, 'from', Math.max(1, to - 1));
  const [before, after] = [from, to].map((number) => {
    const found = versions.find(({ version }) => version === number);
    if (found === undefined) throw unknownVersion(key, number, newest);
    return found.spec;
  });
  const changes = before === undefined || after === undefined ? [] : diffSpecs(before, after);
  return c.json({ versions: versions.map(jobView), diff: { from, to, changes } });
};

const versionOf = (c: WebContext, name: 'from' | 'to', preset: number): number => {
  const text = c.req.query(name);
  if (text === undefined) return preset;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new ProblemError(400, 'invalid_query', `"${name}" is the number of a version, such as 2.`);
};

const unknownVersion = (key: string, version: number, newest: number): ProblemError =>
  new ProblemError(
    404,
    'unknown_version',
    `The job "${key}" has no version ${version}; the newest is ${newest}.`,
  );

const createJob = (deps: WebDeps) => async (c: WebContext) => {
  const { key, spec } = judged(deps, keyedBody(await readBody(c, Fields), deps.readJob));
  const { byOwner, by } = await writer(deps, c);
  mayWrite(byOwner, spec, THIS_JOB);
  mayGovern(byOwner, ownersSettings(spec));
  const made = await stored(deps, { key, spec, mode: 'create', by });
  if (made === 'stale_version') throw new Error(`a new job was held against a version of ${key}`);
  return c.json({ job: jobView(made) }, 201, { location: `/jobs/${made.key}` });
};

/** Judged on the version that stands, and again when another one took its place meanwhile. */
const changeJob = (deps: WebDeps) => async (c: WebContext) => {
  const key = c.req.param('key') ?? '';
  const fields = await readBody(c, Fields);
  for (let attempt = 1; attempt <= RETRIES.conflict.triesMax; attempt += 1) {
    const change = await judgedChange(deps, c, key, fields);
    const made = await stored(deps, { key, mode: 'change', ...change });
    if (made !== 'stale_version') return c.json({ job: jobView(made) });
  }
  throw new Error(`a change of ${key} gave up after ${RETRIES.conflict.triesMax} conflicting ones`);
};

const judgedChange = async (
  deps: WebDeps,
  c: WebContext,
  key: string,
  fields: Parameters<typeof bodyOfPath>[0],
): Promise<{ readonly spec: JobSpec; readonly from: number; readonly by: string }> => {
  const sight = await sightOf(deps, c);
  const shown = sight.visible.find((job) => job.key === key);
  // Whose job it is comes before what it does: nobody changes a job of the file here, with whatever token.
  if (shown !== undefined && shown.source !== 'api') throw ofFile();
  const body = bodyOfPath(fields, key);
  if (shown === undefined) throw unknownJob(key, sight);
  const { byOwner, by } = await writer(deps, c);
  mayWrite(byOwner, shown.spec, `The job "${key}", as it is now,`);
  const { spec } = judged(deps, body);
  mayWrite(byOwner, spec, THIS_JOB);
  mayGovern(byOwner, ownersSettings(spec, shown.spec));
  return { spec, from: shown.version, by };
};

const judged = (deps: WebDeps, body: KeyedBody): { readonly key: string; readonly spec: JobSpec } => {
  const read = deps.readJob(body);
  if (read.ok) return read;
  throw new ProblemError(422, 'invalid_job', read.problems.join(' · '), { problems: read.problems });
};

const writer = async (deps: WebDeps, c: WebContext) => {
  const { person, from } = await askerOf(deps, c);
  const by = actorName({ kind: 'person', person, identity: from.identity });
  return { byOwner: person.roles.includes('owner'), by };
};

/**
 * Whoever may define a command may run anything on the worker's machine, and whoever may name a secret can have it sent
 * somewhere; both belong to an owner.
 */
const mayWrite = (byOwner: boolean, spec: JobSpec, whichJob: string): void => {
  if (byOwner) return;
  if (spec.target.kind === 'command' || spec.preview !== undefined || spec.secrets.length > 0) {
    const why = `${whichJob} runs a command or uses a secret, so only a caller of role owner may write it.`;
    throw new ProblemError(403, 'owner_needed', `${why} Or put it into the configuration file.`);
  }
};

const THIS_JOB = 'This job';

/** Whoever could change who decides could decide alone. */
const mayGovern = (byOwner: boolean, settings: readonly string[]): void => {
  if (byOwner || settings.length === 0) return;
  const which = settings.join(', ');
  const why = `Who asks and who decides is an owner's to say, so only a caller of role owner may set ${which}.`;
  throw new ProblemError(403, 'owner_needed', why);
};

const ofFile = (): ProblemError =>
  new ProblemError(409, 'job_of_file', 'A job that comes from the file is changed only in the file.');

type Put = Parameters<IJobCatalog['put']>[0];

const stored = async (
  { rooms: { store } }: WebDeps,
  put: Omit<Put, 'at'>,
): Promise<JobVersion | 'stale_version'> => {
  const result = await store.catalog.put({ ...put, at: await store.now() });
  switch (result) {
    case 'exists':
      throw new ProblemError(409, 'job_exists', await thereAlready(store, put.key));
    case 'owned_by_file':
      throw ofFile();
    case 'unknown':
      throw unknownJob(put.key, { visible: await store.catalog.list() });
    default:
      return result;
  }
};

const thereAlready = async (store: WebDeps['rooms']['store'], key: string): Promise<string> => {
  const source = (await store.catalog.find(key))?.source;
  const how = source === 'api' ? 'Change it with PUT.' : 'It comes from the file; change it there.';
  return `The job "${key}" exists already. ${how}`;
};

/** `hidden`: the jobs that are there as well, and that the caller must not learn of. */
interface Sight {
  readonly visible: readonly JobVersion[];
  readonly hidden?: readonly JobVersion[];
}

export const unknownJob = (key: string, { visible, hidden = [] }: Sight): ProblemError => {
  const [near] = nearest(
    key,
    visible.map((job) => job.key),
  );
  const said = `No job called "${key.length > 63 ? `${key.slice(0, 62)}…` : key}".`;
  const detail = near === undefined ? said : `${said} Did you mean "${near}"?`;
  return new ProblemError(404, 'unknown_job', detail, hidden.some((job) => job.key === key) ? HIDDEN : {});
};

const sightOf = async (deps: WebDeps, c: WebContext): Promise<Sight> => {
  const jobs = await deps.rooms.store.catalog.list();
  return c.get('caller').kind === 'local'
    ? { visible: jobs }
    : jobsFor((await askerOf(deps, c)).person, jobs);
};

export const jobsFor = (person: Person, jobs: readonly JobVersion[]): Sight => {
  const sees = ({ spec }: JobVersion): boolean =>
    maySee(person, { requesters: spec.requesters, approval: spec.approval });
  return { visible: jobs.filter(sees), hidden: jobs.filter((job) => !sees(job)) };
};

const jobView = ({ key, version, source, spec }: JobVersion) => ({
  key,
  version,
  source,
  ...spec,
  concurrency: spec.concurrency ?? null,
});
