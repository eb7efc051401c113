import { html } from 'hono/html';
import type { RunFilter } from '../../core/ports/store.ts';
import { type LiveRun, RUN_STATUSES } from '../../core/runs/run.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import { asker } from '../../core/text/cards/run-words.ts';
import { since } from '../../core/text/cards/say.ts';
import { runFilter } from '../api/run-query.ts';
import { badge, empty, type Html, moment, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';
import { stateMark } from './run-card.ts';
import { maySeeRun } from './waiting.ts';

/** `/runs`: filters in the address, and a box that takes an id. */
export const showRuns = async (visit: Visit): Promise<Page | Response> => {
  const query = new URL(visit.c.req.url).searchParams;
  const wanted = readRunId(query.get('id')?.trim() ?? '');
  if (wanted !== undefined) return visit.c.redirect(`/runs/${wanted}`, 303);
  const filter = runFilter(asFilter(query));
  const { shown, nextCursor } = await visibleRuns(visit, filter);
  const body = html`
<h1>Runs</h1>
${filters(query)}
${section(
  'Newest first',
  html`${shown.length === 0 ? empty(nothing(query)) : table(shown, visit)}
${nextCursor === undefined ? '' : html`<p><a class="button" href="${older(query, nextCursor)}">Older</a></p>`}`,
)}`;
  const url = `/runs${query.size === 0 ? '' : `?${query.toString()}`}`;
  return { title: 'Runs', at: '/runs', body, live: { from: '/live', url } };
};

/** An empty field of the form is no filter. */
const asFilter = (query: URLSearchParams): URLSearchParams =>
  new URLSearchParams([...query].filter(([name, value]) => name !== 'id' && value !== ''));

const nothing = (query: URLSearchParams): string =>
  asFilter(query).size > 0
    ? 'No run that you may see fits these filters.'
    : 'No run yet that you may see. Ask for one on the page of its job, or in your chat.';

const older = (query: URLSearchParams, cursor: string): string => {
  const next = asFilter(query);
  next.set('cursor', cursor);
  return `/runs?${next.toString()}`;
};

const filters = (query: URLSearchParams): Html => html`
<form class="filters" method="get" action="/runs" role="search">
<label>State <select name="status"><option value="">any</option>
${RUN_STATUSES.filter((status) => status !== 'Created').map((status) => {
  const selected = query.get('status')?.toLowerCase() === status.toLowerCase() ? html` selected` : '';
  return html`<option value="${status}"${selected}>${SAID[status] ?? status}</option>`;
})}</select></label>
<label>Job <input name="job" value="${query.get('job') ?? ''}" autocapitalize="off" spellcheck="false"></label>
<label>Id <input name="id" maxlength="12" autocapitalize="characters" spellcheck="false" placeholder="K7M2QX"></label>
<button>Show</button>
</form>`;

const SAID: Readonly<Record<string, string>> = {
  AwaitingApproval: 'waiting for approval',
  Approved: 'approved, not started',
  Dispatching: 'queued',
};

/** As far as anybody looks for a first run that this visitor may see. */
const LOOKS_MAX = 10;

/** A page may come out short, because it is looked at before it is filtered; the cursor says whether more follow. */
const visibleRuns = async (
  { deps, visitor }: Visit,
  filter: RunFilter,
): Promise<{ readonly shown: readonly LiveRun[]; readonly nextCursor?: string }> => {
  let from = filter;
  for (let look = 1; ; look += 1) {
    const { runs, nextCursor } = await deps.rooms.store.runs.list(from);
    const shown = runs.map(({ state }) => state).filter((run) => maySeeRun(visitor.person, run));
    if (nextCursor === undefined) return { shown };
    if (shown.length > 0 || look >= LOOKS_MAX) return { shown, nextCursor };
    from = { ...filter, cursor: nextCursor };
  }
};

/** The newest runs, for a page that has something else to say as well. */
export const recentRuns = async (visit: Visit, count: number, jobKey?: string): Promise<Html> => {
  const filter = { limit: count, ...(jobKey === undefined ? {} : { jobKey }) };
  const { shown } = await visibleRuns(visit, filter);
  return shown.length === 0 ? empty('No run yet that you may see.') : table(shown, visit);
};

const table = (runs: readonly LiveRun[], { reader }: Visit): Html => html`
<table><thead><tr><th scope="col">Run</th><th scope="col">State</th><th scope="col">Job</th>
<th scope="col" class="wide">Asked by</th><th scope="col" class="wide">Asked</th><th scope="col">Since</th></tr></thead>
<tbody>${runs.map(
  (run) => html`<tr><td><a href="/runs/${run.runId}">${run.runId}</a></td><td>${stateMark(run)}</td>
<td><a class="plain" href="/jobs/${run.jobKey}">${run.jobKey}</a>${run.heavy ? badge('HEAVY') : ''}</td>
<td class="wide">${asker(run)}</td><td class="wide">${moment(run.createdAt, reader)}</td><td>${moment(since(run), reader)}</td></tr>`,
)}</tbody></table>`;
