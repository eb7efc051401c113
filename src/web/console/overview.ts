import { html } from 'hono/html';
import { readOps } from '../../core/flows/ops/ops.ts';
import type { OpsReading } from '../../core/text/ops/ops-figures.ts';
import { problemsOf } from '../../core/text/ops/ops-problems.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { allows } from './allows.ts';
import { approvalCard } from './approvals.ts';
import { counted, empty, type Html, section } from './html.ts';
import { DAY_LIMIT, lastDay } from './last-day.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';
import { recentRuns } from './runs.ts';
import { waitingFor } from './waiting.ts';

/** So many cards fit beside the figures; the rest is one click away. */
const CARDS_MAX = 4;

/** `/`: whether everything is well, what waits for the visitor, and what happened last. */
export const showOverview = async (visit: Visit): Promise<Page> => {
  const { deps, visitor, reader } = visit;
  const knows = allows(deps, visitor, 'figures.read');
  const [reading, day, { mine }, recent] = await Promise.all([
    knows ? readOps(deps.rooms) : undefined,
    knows ? deps.rooms.store.reader.lastDay(reader.now, DAY_LIMIT) : undefined,
    waitingFor(deps.rooms, visitor.person),
    recentRuns(visit, 8),
  ]);
  const cards = await Promise.all(mine.slice(0, CARDS_MAX).map((run) => approvalCard(visit, run, '/')));
  const body = html`
<h1>Overview</h1>
${reading && verdict(reading)}
<div class="columns">
<div>
${section(
  `Waiting for me (${mine.length})`,
  mine.length === 0
    ? empty('Nothing waits for you.')
    : html`<div class="cards">${cards}</div>${mine.length > CARDS_MAX ? html`<p><a href="/approvals">All ${mine.length}</a></p>` : ''}`,
)}
${section('Latest runs', recent)}
</div>
${day && reading && html`<div>${lastDay(day, reader)}${section('Now', figures(reading))}</div>`}
</div>`;
  return { title: 'Overview', at: '/', body, live: { from: '/live', url: '/' } };
};

const verdict = (reading: OpsReading): Html => {
  const problems = problemsOf(reading);
  if (problems.length === 0) return html`<p class="verdict good" aria-live="polite">All is well.</p>`;
  return html`<div class="verdict bad" aria-live="polite"><p><strong>${counted(problems.length, 'problem')}</strong></p>
<ol>${problems.map(({ words, cure }) => html`<li>${words} ${cureOf(cure)}</li>`)}</ol></div>`;
};

/** The command that treats it, as the page where that is done, if there is one. */
const cureOf = (cure: string): Html => {
  const [, runId] = /^\/recover (\w+)$/.exec(cure) ?? [];
  if (runId !== undefined) return html`<a href="/runs/${runId}">Open ${runId}</a>`;
  const page = CURES[cure];
  return page === undefined ? html`<code>${cure}</code>` : html`<a href="${page[1]}">${page[0]}</a>`;
};

const CURES: Readonly<Record<string, readonly [string, string]>> = {
  '/deadletters': ['Open dead letters', '/queue#letters'],
  '/runs failed': ['Show failed runs', '/runs?status=Failed'],
  '/runs queued': ['Show queued runs', '/runs?status=Dispatching'],
  '/unpause queue': ['Open the queue', '/queue'],
  '/ops workers': ['Open the queue', '/queue'],
};

const figures = (o: OpsReading): Html => {
  const slots = o.workers.reduce((sum, { slots: own }) => sum + own, 0);
  const rows: readonly (readonly [string, string])[] = [
    ['Queue', `${o.ready} ready${age(o.oldestReadyMs)}, ${o.later} later`],
    ['Running', `${o.running} of ${slots} slots, ${o.stale.length} stale`],
    ['Waiting', `${o.waiting}${age(o.oldestWaitingMs)}`],
    ['Failed', `${o.failedHour} of ${o.endedHour} in 1 h, ${o.failedDay} in 24 h`],
    ['Workers', `${o.workers.length} up`],
    ['Messages', `${o.openOutbox} to send${age(o.oldestOutboxMs)}`],
    ['Dead letters', `${counted(o.deadJobs, 'run')}, ${o.deadInbox} in, ${o.deadOutbox} out`],
    ...(o.paused.length === 0 ? [] : [['Paused', o.paused.join(', ')] as const]),
    ...o.channels.map(({ channel, state, reason }) => [channel, reason ?? state] as const),
    ['Version', `${o.version}, up ${formatDuration(o.upMs)}`],
  ];
  return html`<dl class="figures">${rows.map(([name, words]) => html`<div><dt>${name}</dt><dd>${words}</dd></div>`)}</dl>`;
};

const age = (ms: number | undefined): string => (ms === undefined ? '' : `, oldest ${formatDuration(ms)}`);
