import { html } from 'hono/html';
import type { StoredRun } from '../../core/ports/store.ts';
import { asker } from '../../core/text/cards/run-words.ts';
import { badge, counted, distance, empty, type Html, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';
import { cardButtons, cardFor, cardLines } from './run-card.ts';
import { waitingFor } from './waiting.ts';

/** `/approvals`: what waits for a word of the visitor, first of all. */
export const showApprovals = async (visit: Visit): Promise<Page> => {
  const { mine, others, approved, more } = await waitingFor(visit.deps.rooms, visit.visitor.person);
  const [own, started] = await Promise.all([cards(visit, mine), cards(visit, approved)]);
  const body = html`
<h1>Approvals</h1>
${section(
  `Waiting for me (${mine.length})`,
  mine.length === 0
    ? empty('Nothing waits for you. A run appears here as soon as somebody asks for one that you may decide.')
    : html`<p class="hint keys">Tab to a card, then <kbd>a</kbd> approves, <kbd>d</kbd> denies, <kbd>Enter</kbd> opens, <kbd>j</kbd> and <kbd>k</kbd> move.</p>
<div class="cards">${own}</div>`,
)}
${approved.length === 0 ? '' : section('Approved, not started', html`<div class="cards">${started}</div>`)}
${others.length === 0 ? '' : section(`Waiting for others (${others.length})`, othersTable(visit, others))}
${more ? html`<p class="hint">More wait than are shown here: <a href="/runs?status=AwaitingApproval">all of them</a>.</p>` : ''}`;
  return { title: titleOf(mine.length), at: '/approvals', body, live: { from: '/live', url: '/approvals' } };
};

const titleOf = (count: number): string => (count === 0 ? 'Approvals' : `(${count}) Approvals`);

const cards = (visit: Visit, runs: readonly StoredRun[]): Promise<readonly Html[]> =>
  Promise.all(runs.map((run) => approvalCard(visit, run)));

/** One run that somebody has to do something about. */
export const approvalCard = async (visit: Visit, stored: StoredRun, back = '/approvals'): Promise<Html> => {
  const run = stored.state;
  const card = await cardFor(visit, stored);
  const name = `card-${run.runId}`;
  return html`<article class="card" id="${name}" tabindex="0" aria-labelledby="${name}-title" data-card>
<h3 id="${name}-title"><a href="/runs/${run.runId}" data-key="Enter">${run.runId}</a> ${run.jobKey}
${card.badges.map(badge)}</h3>
<p class="sub">${card.title}</p>
${cardLines(card, visit.reader)}
<div class="buttons">${cardButtons(visit, run, card, back)}</div>
</article>`;
};

const othersTable = ({ reader }: Visit, runs: readonly StoredRun[]): Html => html`
<table><thead><tr><th scope="col">Run</th><th scope="col">Job</th><th scope="col" class="wide">Asked by</th><th scope="col">Expires</th></tr></thead>
<tbody>${runs.map(
  ({ state }) => html`<tr><td><a href="/runs/${state.runId}">${state.runId}</a></td><td>${state.jobKey}</td>
<td class="wide">${asker(state)}</td><td>${state.status === 'AwaitingApproval' ? distance(state.decideBy, reader) : ''}</td></tr>`,
)}</tbody></table>
<p class="hint">${counted(runs.length, 'run')} that somebody else decides.</p>`;
