import { html } from 'hono/html';
import type { JobVersion } from '../../core/jobs/job.ts';
import { mayRequest } from '../../core/people/may.ts';
import { jobsFor } from '../api/jobs.ts';
import { badge, empty, type Html, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

/** `/jobs`: what there is, as far as the visitor may know of it. */
export const showJobs = async (visit: Visit): Promise<Page> => {
  const jobs = await visibleJobs(visit);
  const body = html`
<h1>Jobs</h1>
${section(
  `Catalog (${jobs.length})`,
  jobs.length === 0
    ? empty('No job that you may ask for or decide. Jobs stand in textops.yaml, or are made over HTTP.')
    : table(jobs, visit),
)}`;
  return { title: 'Jobs', at: '/jobs', body };
};

export const visibleJobs = async ({ deps, visitor }: Visit): Promise<readonly JobVersion[]> =>
  jobsFor(visitor.person, await deps.rooms.store.catalog.list()).visible;

const table = (jobs: readonly JobVersion[], { visitor }: Visit): Html => html`
<table><thead><tr><th scope="col">Job</th><th scope="col" class="wide">What it does</th><th scope="col">Version</th>
<th scope="col" class="wide">From</th><th scope="col">You may</th></tr></thead>
<tbody>${jobs.map(
  ({
    key,
    version,
    source,
    spec,
  }) => html`<tr><td><a href="/jobs/${key}">${key}</a>${spec.heavy ? badge('HEAVY') : ''}</td>
<td class="wide">${spec.title}</td><td>v${version}</td><td class="wide">${source}</td>
<td>${mayRequest(visitor.person, spec) ? 'ask' : 'look'}</td></tr>`,
)}</tbody></table>`;
