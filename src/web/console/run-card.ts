import { html } from 'hono/html';
import { canAnswer } from '../../core/flows/messages/find-target.ts';
import { tellingOf } from '../../core/flows/messages/telling.ts';
import { mayDecide, mayRequest, maySteer } from '../../core/people/may.ts';
import type { Person } from '../../core/people/person.ts';
import type { StoredRun } from '../../core/ports/store.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { cardOf } from '../../core/text/cards/card.ts';
import type { Action, Card, Line, Verb } from '../../core/text/cards/rich.ts';
import { statusWords } from '../../core/text/cards/say.ts';
import { type Html, type Reader, spans } from './html.ts';
import type { Visit } from './route.ts';
import { hasAskedFor } from './waiting.ts';

/** The card of a run, as a chat would show it to this visitor. */
export const cardFor = async (
  { deps }: Pick<Visit, 'deps'>,
  { state, version }: StoredRun,
): Promise<Card> => {
  const { house, directory, store } = deps.rooms;
  const shown = { ...house, cards: () => true };
  const deps2 = { house: shown, directory, runs: store.runs, reach: store.reach };
  return cardOf(state, await tellingOf(deps2, {}, state, version));
};

/** "Running", with a shape beside the word: colour alone says nothing. */
export const stateMark = (run: LiveRun): Html =>
  html`<span class="state ${STATES[run.status]}">${statusWords(run)}</span>`;

const STATES: Readonly<Record<LiveRun['status'], string>> = {
  Created: 'waits',
  AwaitingApproval: 'waits',
  Approved: 'waits',
  Dispatching: 'waits',
  Running: 'works',
  Succeeded: 'good',
  Failed: 'bad',
  Denied: 'over',
  Canceled: 'over',
  Expired: 'over',
};

export const cardLines = (card: Card, reader: Reader): Html =>
  html`${card.lines.map((line) => html`<p${isTable(line) ? html` class="table"` : ''}>${spans(line, reader)}</p>`)}`;

/** Parameters stand below each other in columns that a card makes with spaces. */
const isTable = ([first]: Line): boolean => typeof first === 'string' && first.startsWith('  ');

/** The buttons that this visitor may press; all others are not there. */
export const cardButtons = (visit: Visit, run: LiveRun, card: Card, back: string): Html => {
  const { person } = visit.visitor;
  const allowed = card.actions.filter((action) => mayPress(person, run, action.verb));
  const recovers = isRecoverable(run) && mayPress(person, run, 'rc') ? [recoverAction(run)] : [];
  return html`${[...allowed, ...recovers].map((action) => button(visit, run, action, back))}`;
};

const isRecoverable = ({ status }: LiveRun): boolean =>
  status === 'Failed' || status === 'Canceled' || status === 'Expired';

const recoverAction = (run: LiveRun): Action => ({
  verb: 'rc',
  label: 'Recover',
  runId: run.runId,
  bound: { epoch: run.epoch, digest: run.digest },
});

const mayPress = (person: Person, run: LiveRun, verb: Verb): boolean => {
  const asked = run.requester.kind === 'person' ? run.requester.personId : undefined;
  switch (verb) {
    case 'ap':
      return mayDecide(person, run) && canAnswer(person, run) && !hasVoted(person, run);
    case 'dn':
      return mayDecide(person, run);
    case 'rs':
    case 'cx':
    case 'rc':
      return maySteer(person, run, asked);
    case 'ra':
      return mayRequest(person, run) || hasAskedFor(person, run);
    default:
      return false;
  }
};

const hasVoted = ({ id }: Person, { votes }: LiveRun): boolean =>
  votes.some(({ personId }) => personId === id);

/** What a verb is called in the address that its form is sent to. */
export const WORDS = {
  ap: 'approve',
  dn: 'deny',
  rs: 'start',
  cx: 'cancel',
  rc: 'recover',
  ra: 'again',
} as const;
type Word = keyof typeof WORDS;

const hasWord = (verb: string): verb is Word => Object.hasOwn(WORDS, verb);

const button = (visit: Visit, run: LiveRun, action: Action, back: string): Html => {
  const { verb, label } = action;
  if (!hasWord(verb)) return html``;
  const path = `/runs/${run.runId}/${WORDS[verb]}`;
  const looks = action.style === 'primary' ? 'primary' : action.style === 'danger' ? 'danger' : '';
  const key = verb === 'ap' ? 'a' : verb === 'dn' ? 'd' : '';
  // Whatever takes a word of its own has a page of its own, with or without a script.
  if (verb === 'dn' || (verb === 'ap' && run.heavy)) {
    return html`<a class="button ${looks}" href="${path}" data-key="${key}">${label}…</a>`;
  }
  return html`<form method="post" action="${path}">
${hidden(visit, action, back)}
<button class="${looks}" data-key="${key}">${label}</button>
</form>`;
};

/** What makes a form ours, and what it is about. */
export const hidden = ({ deps, visitor }: Visit, { verb, runId, bound }: Action, back: string): Html => {
  const token =
    runId === undefined || bound === undefined
      ? ''
      : deps.rooms.ambient.buttonToken({ verb, runId, ...bound });
  return html`<input type="hidden" name="csrf" value="${visitor.csrf}">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="back" value="${back}">`;
};
