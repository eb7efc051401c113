import { html } from 'hono/html';
import type { StoredEvent } from '../../core/runs/event.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { outputLines } from '../../core/text/cards/output-lines.ts';
import { asker } from '../../core/text/cards/run-words.ts';
import { isoOf } from '../../core/time/instant.ts';
import { zonedFormat } from '../../core/time/zoned-format.ts';
import { badge, counted, empty, type Html, moment, type Reader, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';
import { runOf } from './run-acts.ts';
import { cardButtons, cardFor, cardLines, stateMark } from './run-card.ts';
import { timeline } from './timeline.ts';

/** `/runs/:id`: what it is, how it went, what it wrote. */
export const showRun = async (visit: Visit): Promise<Page> => {
  const stored = await runOf(visit);
  const run = stored.state;
  const { runs } = visit.deps.rooms.store;
  const [card, events, output] = await Promise.all([
    cardFor(visit, stored),
    runs.history(run.runId),
    runs.output(run.runId),
  ]);
  const here = `/runs/${run.runId}`;
  const body = html`
<h1><span class="id">${run.runId}</span> ${run.jobKey} v${run.jobVersion}</h1>
<p class="sub"><span aria-live="polite">${stateMark(run)}</span>${card.badges.map(badge)}</p>
<div class="panel">${cardLines(card, visit.reader)}
<div class="buttons">${cardButtons(visit, run, card, here)}</div></div>
${section('Timeline', timeline(run, events, visit.reader))}
<div class="columns">
${section(`Events (${events.length})`, eventTable(events, visit.reader))}
${section('Facts', facts(run, visit.reader))}
</div>
${section('Output', outputOf(run, output))}`;
  // What is older than the newest event shown here is not told again.
  const from = `${here}/live?after=${events.at(-1)?.seq ?? 0}`;
  return { title: `${run.runId} ${run.jobKey}`, at: '/runs', body, live: { from, url: here } };
};

const eventTable = (events: readonly StoredEvent[], reader: Reader): Html => html`
<div class="scroll" tabindex="0" role="region" aria-label="Events">
<table class="events"><thead><tr><th scope="col">No.</th><th scope="col">At</th><th scope="col">Event</th><th scope="col">Actor</th><th scope="col" class="wide">Details</th></tr></thead>
<tbody>${events.map(
  ({ seq, at, type, actor, payload }) =>
    html`<tr id="event-${seq}"><td>${seq}</td><td class="time"><time datetime="${isoOf(at)}">${precise(at, reader)}</time></td>
<td class="word">${type}</td><td class="word">${actor}</td><td class="wide details">${detailsOf(payload, reader)}</td></tr>`,
)}</tbody></table></div>`;

const precise = (at: number, { timezone }: Reader): string =>
  preciseOf(timezone).format(at).replace(',', '.');

const preciseOf = zonedFormat('sv-SE', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

const DETAILS_MAX = 160;

/** Plain values of a payload; what is nested is in the history for programs. */
const detailsOf = (payload: unknown, reader: Reader): string => {
  const fields = Object.entries(Object(payload) as Readonly<Record<string, unknown>>);
  const text = fields.flatMap(([name, value]) => detailOf(name, value, reader)).join('  ');
  return text.length > DETAILS_MAX ? `${text.slice(0, DETAILS_MAX - 1)}…` : text;
};

const detailOf = (name: string, value: unknown, reader: Reader): readonly string[] => {
  if (HASHES.has(name)) return [];
  if (typeof value === 'number' && MOMENTS.test(name)) return [`${name}=${precise(value, reader)}`];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [`${name}=${value}`]
    : [];
};

const MOMENTS = /(?:By|At|Before|Beat)$/;
const HASHES: ReadonlySet<string> = new Set(['digest', 'specHash', 'sha256']);

const facts = (run: LiveRun, reader: Reader): Html => {
  const rows: readonly (readonly [string, Html | string])[] = [
    ['Asked by', html`${asker(run)}, ${moment(run.createdAt, reader)}`],
    ['From', run.origin.channel],
    ['Job', html`<a href="/jobs/${run.jobKey}">${run.jobKey}</a> v${run.jobVersion}`],
    ['Will run', html`<code>${run.willRun}</code>`],
    ...Object.entries(run.params).map(
      ([name, value]) =>
        [
          name,
          html`<code>${String(value)}</code>${run.defaulted.includes(name) ? ' (default)' : ''}`,
        ] as const,
    ),
    ['Epoch', String(run.epoch)],
    ['Digest', html`<code class="digest">${run.digest}</code>`],
  ];
  return html`<dl class="figures">${rows.map(([name, words]) => html`<div><dt>${name}</dt><dd>${words}</dd></div>`)}</dl>`;
};

const LINES_MAX = 500;

const outputOf = (
  run: LiveRun,
  output:
    | { readonly attempt: number; readonly head: string; readonly tail: string; readonly bytes: number }
    | undefined,
): Html => {
  if (output === undefined) {
    return empty(
      run.lastStart === undefined ? 'It never started, so it wrote nothing.' : 'Nothing is stored yet.',
    );
  }
  const { head, tail, attempt, bytes } = output;
  const lines = outputLines(tail === '' ? head : `${head}\n⋯\n${tail}`).slice(-LINES_MAX);
  const which = attempt === 0 ? 'preview' : `attempt ${attempt}`;
  return html`<p class="hint">${which}, ${counted(bytes, 'byte')}</p>
<pre class="output" tabindex="0" role="region" aria-label="Output" data-follow>${lines.join('\n')}</pre>`;
};
