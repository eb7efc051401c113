import { z } from 'zod';
import type { JobSpec, JobVersion } from '../core/jobs/job.ts';
import { maySee } from '../core/people/may.ts';
import { nearest } from '../core/text/nearest.ts';
import { checkBody } from './body-words.ts';
import { askerOf } from './caller.ts';
import { ProblemError } from './problem.ts';
import { invalidBody, readBody } from './read-json.ts';
import type { JobBody, Route, WebContext, WebDeps } from './web-deps.ts';

export const jobRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'GET', path: '/jobs', access: 'token', handle: listJobs(deps) },
  { method: 'POST', path: '/jobs', access: 'token', handle: createJob(deps) },
  { method: 'GET', path: '/jobs/:key', access: 'token', handle: showJob(deps) },
  { method: 'PUT', path: '/jobs/:key', access: 'token', handle: changeJob(deps) },
];

const listJobs = (deps: WebDeps) => async (c: WebContext) =>
  c.json({ jobs: (await visibleJobs(deps, c)).map(jobView) });

const showJob = (deps: WebDeps) => async (c: WebContext) => {
  const key = c.req.param('key') ?? '';
  const visible = await visibleJobs(deps, c);
  const job = visible.find((each) => each.key === key);
  if (job === undefined) throw unknownJob(key, visible);
  const versions = await deps.rooms.store.catalog.versions(key);
  return c.json({ job: jobView(job), versions: versions.map(jobView) });
};

const createJob = (deps: WebDeps) => async (c: WebContext) => {
  const { key, spec } = judged(deps, keyed(deps, await readBody(c, Fields)));
  mayWrite(c, spec, THIS_JOB);
  return stored(deps, c, { key, spec, mode: 'create' });
};

const changeJob = (deps: WebDeps) => async (c: WebContext) => {
  const key = c.req.param('key') ?? '';
  const body = await readBody(c, Fields);
  // Whose job it is comes before who is asking: nobody changes a job of the file here, with whatever token.
  const shown = (await visibleJobs(deps, c)).find((job) => job.key === key);
  if (shown !== undefined && shown.source !== 'api') throw ofFile();
  if (body['key'] !== undefined && body['key'] !== key) {
    throw new ProblemError(
      422,
      'key_mismatch',
      'The key in the body is not the one in the path; keys never change.',
    );
  }
  const current = await deps.rooms.store.catalog.find(key);
  if (current !== undefined) mayWrite(c, current.spec, `The job "${key}", as it is now,`);
  const { spec } = judged(deps, { ...body, key });
  mayWrite(c, spec, THIS_JOB);
  return stored(deps, c, { key, spec, mode: 'change' });
};

const KEY = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** Everything but the key is for the rules of the file to judge. */
const Fields = z.looseObject({});

const Keyed = z.looseObject({
  key: z
    .string()
    .regex(KEY, 'must have 1 to 63 of a-z, 0-9, "-", "_" and ".", and begin with a letter or digit'),
});

/** A bad key does not hide what else is wrong. */
const keyed = (deps: WebDeps, fields: z.output<typeof Fields>): JobBody => {
  const checked = checkBody(Keyed, fields);
  if (checked.ok) return checked.value;
  const rest = deps.readJob({ ...fields, key: 'KEY' });
  throw invalidBody([...checked.problems, ...(rest.ok ? [] : rest.problems)]);
};

const judged = (deps: WebDeps, body: JobBody): { readonly key: string; readonly spec: JobSpec } => {
  const read = deps.readJob(body);
  if (read.ok) return read;
  throw new ProblemError(422, 'invalid_job', read.problems.join(' · '), { problems: read.problems });
};

/**
 * Whoever may define a command may run anything on the worker's machine, and whoever may name a secret can have it sent
 * somewhere; both belong to an owner. The dev profile has nobody in particular, and an operator's rights.
 */
const mayWrite = (c: WebContext, spec: JobSpec, whichJob: string): void => {
  const caller = c.get('caller');
  const role = caller.kind === 'token' ? caller.role : 'operator';
  if (role === 'owner') return;
  if (role !== 'operator') {
    throw new ProblemError(
      403,
      'may_not_change_jobs',
      'Changing the catalog needs a token with role owner or operator.',
    );
  }
  if (spec.target.kind === 'command' || spec.preview !== undefined || spec.secrets.length > 0) {
    const why = `${whichJob} runs a command or uses a secret, so only a token of role owner may write it.`;
    throw new ProblemError(403, 'owner_needed', `${why} Or put it into the configuration file.`);
  }
};

const THIS_JOB = 'This job';

const ofFile = (): ProblemError =>
  new ProblemError(409, 'job_of_file', 'A job that comes from the file is changed only in the file.');

const stored = async (
  { rooms }: WebDeps,
  c: WebContext,
  put: { readonly key: string; readonly spec: JobSpec; readonly mode: 'create' | 'change' },
): Promise<Response> => {
  const { store } = rooms;
  const result = await store.catalog.put({ ...put, at: await store.now() });
  switch (result) {
    case 'exists':
      throw new ProblemError(409, 'job_exists', await thereAlready(rooms.store, put.key));
    case 'owned_by_file':
      throw ofFile();
    case 'unknown':
      throw unknownJob(put.key, await store.catalog.list());
    default:
      return put.mode === 'create'
        ? c.json({ job: jobView(result) }, 201, { location: `/jobs/${result.key}` })
        : c.json({ job: jobView(result) });
  }
};

const thereAlready = async (store: WebDeps['rooms']['store'], key: string): Promise<string> => {
  const source = (await store.catalog.find(key))?.source;
  const how = source === 'api' ? 'Change it with PUT.' : 'It comes from the file; change it there.';
  return `The job "${key}" exists already. ${how}`;
};

export const unknownJob = (key: string, known: readonly JobVersion[]): ProblemError => {
  const [near] = nearest(
    key,
    known.map((job) => job.key),
  );
  const said = `No job called "${key.length > 63 ? `${key.slice(0, 62)}…` : key}".`;
  return new ProblemError(404, 'unknown_job', near === undefined ? said : `${said} Did you mean "${near}"?`);
};

const visibleJobs = async (deps: WebDeps, c: WebContext): Promise<readonly JobVersion[]> => {
  const jobs = await deps.rooms.store.catalog.list();
  if (c.get('caller').kind === 'local') return jobs;
  const { person } = await askerOf(deps, c);
  return jobs.filter(({ spec }) => maySee(person, { requesters: spec.requesters, approval: spec.approval }));
};

const jobView = ({ key, version, source, spec }: JobVersion) => ({
  key,
  version,
  source,
  ...spec,
  concurrency: spec.concurrency ?? null,
});
