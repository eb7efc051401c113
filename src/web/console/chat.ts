import { html } from 'hono/html';
import { SEATS } from '../../core/people/may.ts';
import type { ChatEntry, LocalChat } from '../../core/ports/local-chat.ts';
import type { Action, Line } from '../../core/text/cards/rich.ts';
import { isLocal } from '../access/guard.ts';
import { ProblemError } from '../problem.ts';
import { type Html, moment, type Reader, spans } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

/** `/chat`: the messenger of the dev profile, with two seats of the same conversation side by side. */
export const showChat = async (visit: Visit): Promise<Page> => {
  const chat = chatOf(visit);
  const seats = seatsOf(visit);
  const query = `left=${seats[0]}&right=${seats[1]}`;
  const body = html`
<h1>Chat</h1>
<p class="hint">The dev profile's own messenger. Try <code>run hello</code> on one side, and answer on the other. Other seats:
${Object.keys(SEATS).map((seat) => html` <a href="/chat?left=${seats[0]}&amp;right=${seat}">${seat}</a>`)}</p>
<div class="seats-two">${seats.map((seat) => pane(visit, chat, seat, query))}</div>`;
  return { title: 'Chat', at: '/chat', body, live: { from: '/chat/live', url: `/chat?${query}` } };
};

export const chatOf = ({ deps, c }: Visit): LocalChat => {
  if (deps.localChat !== undefined && isLocal(c)) return deps.localChat;
  throw new ProblemError(404, 'unknown_route', 'There is nothing at this path.');
};

/** Two different ones. */
const seatsOf = ({ c }: Visit): readonly [string, string] => {
  const left = seatOf(c.req.query('left'), 'ana');
  const right = seatOf(c.req.query('right'), 'bob');
  return [left, right === left ? (left === 'bob' ? 'ana' : 'bob') : right];
};

const seatOf = (given: string | undefined, preset: string): string =>
  given !== undefined && Object.hasOwn(SEATS, given) ? given : preset;

const pane = ({ visitor, reader, c }: Visit, chat: LocalChat, seat: string, query: string): Html => {
  const hidden = html`<input type="hidden" name="csrf" value="${visitor.csrf}">
<input type="hidden" name="seat" value="${seat}"><input type="hidden" name="back" value="/chat?${query}&amp;focus=${seat}">`;
  const shown = chat.entries().filter((entry) => entry.kind !== 'flash' || entry.seat === seat);
  const focus = c.req.query('focus') === seat ? html` autofocus` : '';
  return html`<section class="panel pane" aria-labelledby="seat-${seat}">
<h2 id="seat-${seat}">${seat}</h2>
<div class="talk" tabindex="0" role="log" aria-label="What ${seat} sees" data-follow>${
    shown.length === 0
      ? html`<p class="empty">Nothing was said yet.</p>`
      : shown.map((entry) => bubble(entry, seat, reader, hidden))
  }</div>
<form method="post" action="/chat/say" class="say">
${hidden}
<label for="say-${seat}">Say as ${seat}</label>
<input id="say-${seat}" name="text" maxlength="4096" required autocomplete="off"${focus}>
<button class="primary">Send</button>
</form>
</section>`;
};

const bubble = (entry: ChatEntry, seat: string, reader: Reader, hidden: Html): Html => {
  const when = html`<span class="hint">${moment(entry.at, reader)}</span>`;
  switch (entry.kind) {
    case 'said':
      return html`<div class="bubble${entry.seat === seat ? ' own' : ''}" id="${seat}-${entry.id}"><p><strong>${entry.seat}</strong> ${when}</p><p class="words">${entry.text}</p></div>`;
    case 'flash':
      return html`<p class="flash" id="${seat}-${entry.id}">${entry.text}</p>`;
    case 'told': {
      const { content, isEdited } = entry;
      const head = html`<p><strong>TextOps</strong> ${when}${isEdited ? html` <span class="hint">edited</span>` : ''}</p>`;
      const said = content.kind === 'card' ? cardOf(content.card, reader) : noteOf(content.note, reader);
      const actions = content.kind === 'card' ? content.card.actions : content.note.actions;
      return html`<div class="bubble bot" id="${seat}-${entry.id}">${head}${said}${buttons(entry.id, actions, hidden)}</div>`;
    }
  }
};

type Told = Extract<ChatEntry, { kind: 'told' }>['content'];
type CardSaid = Extract<Told, { kind: 'card' }>['card'];
type NoteSaid = Extract<Told, { kind: 'note' }>['note'];

const cardOf = ({ mark, title, runId, badges, lines }: CardSaid, reader: Reader): Html =>
  html`<p><strong>${mark} ${title}</strong> · <a href="/runs/${runId}">${runId}</a>${badges.map((one) => ` · ${one}`)}</p>${linesOf(lines, reader)}`;

const noteOf = ({ lines, pre = [], after = [] }: NoteSaid, reader: Reader): Html =>
  html`${linesOf(lines, reader)}${pre.length === 0 ? '' : html`<pre class="output">${pre.join('\n')}</pre>`}${linesOf(after, reader)}`;

const linesOf = (lines: readonly Line[], reader: Reader): Html =>
  html`${lines.map((line) => html`<p class="words">${spans(line, reader)}</p>`)}`;

/** Every seat sees every button, as in a chat; whether it counts the rules say. */
const buttons = (id: string, actions: readonly Action[], hidden: Html): Html =>
  html`<div class="buttons">${actions.map(
    ({ label, style }, number) => html`<form method="post" action="/chat/press">
${hidden}<input type="hidden" name="message" value="${id}"><input type="hidden" name="number" value="${number}">
<button class="${style ?? ''}">${label}</button></form>`,
  )}</div>`;
