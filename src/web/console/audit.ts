import { html } from 'hono/html';
import type { EventRow } from '../../core/ports/history.ts';
import { empty, type Html, moment, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

const PAGE = 50;

/** `/audit`: records that belong to no run, the newest first, and how far the history is sealed. */
export const showAudit = async (visit: Visit): Promise<Page> => {
  const { c, deps, reader } = visit;
  const { store } = deps.rooms;
  const head = await store.runs.head('system');
  const before = /^\d{1,9}$/.exec(c.req.query('before') ?? '')?.[0];
  const upTo = Math.min(head.seq, before === undefined ? head.seq : Number(before) - 1);
  const from = Math.max(0, upTo - PAGE);
  const [records, row, look] = await Promise.all([
    store.history.events({ chain: 'system', seq: from }, 'system', upTo - from),
    store.history.row('system'),
    store.history.look('', 1),
  ]);
  const shown = records.filter(({ chain }) => chain === 'system').toReversed();
  const seal = look.newest;
  const body = html`
<h1>Audit</h1>
<div class="columns">
${section(
  `Records (${head.seq})`,
  shown.length === 0
    ? empty('Nothing is on record beside the runs.')
    : html`${table(shown, visit)}${from === 0 ? '' : html`<p><a class="button" href="/audit?before=${from + 1}">Older</a></p>`}`,
)}
${section(
  'Seals',
  html`${
    seal === undefined
      ? empty('Nothing is sealed yet; that happens every five minutes, or every 50 events.')
      : html`<p>Seal ${seal.number}, ${moment(seal.at, reader)}, over ${seal.events} events.</p>
<p class="hint">Signed by <code>${seal.key.slice(0, 16)}…</code>; hash <code>${seal.hash.slice(0, 16)}…</code></p>`
  }
<p>${row?.sealedSeq ?? 0} of these ${head.seq} records are sealed.</p>
<p class="hint">Whether all of it still holds: <code>npx textops audit verify</code></p>`,
)}
</div>`;
  return { title: 'Audit', at: '/audit', body };
};

const table = (records: readonly EventRow[], { reader }: Visit): Html => html`
<div class="scroll" tabindex="0" role="region" aria-label="Records">
<table class="events"><thead><tr><th scope="col">No.</th><th scope="col">At</th><th scope="col">Record</th><th scope="col">Actor</th><th scope="col" class="wide">Details</th></tr></thead>
<tbody>${records.map(
  ({
    seq,
    at,
    type,
    actor,
    payload,
  }) => html`<tr><td>${seq}</td><td>${moment(at, reader)}</td><td class="word">${type}</td>
<td class="word">${actor}</td><td class="wide details">${payload.length > TEXT_MAX ? `${payload.slice(0, TEXT_MAX - 1)}…` : payload}</td></tr>`,
)}</tbody></table></div>`;

const TEXT_MAX = 200;
