import { html } from 'hono/html';
import { findLetter } from '../../core/flows/ops/dead-letters.ts';
import type { DeadLetter } from '../../core/runs/dead-letter.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { letterName } from '../../core/text/ops/letter-words.ts';
import { ProblemError } from '../problem.ts';
import { back, reasonOf, saidOf, type } from './command.ts';
import { counted, type Html, section } from './html.ts';
import { type Deed, MARK, type Mark, marksOf, stampOf, whyNot } from './marks.ts';
import type { Page } from './page.ts';
import { letterTitle } from './queue.ts';
import type { Visit } from './route.ts';

/** `/queue/letters`: exactly what would be done with which of the marked letters, before it is. */
export const showMarked = async (visit: Visit): Promise<Page | Response> => {
  const query = Object.fromEntries(new URL(visit.c.req.url).searchParams);
  const deed = deedOf(query['do']);
  const marks = marksOf(query);
  if (marks.length === 0) return nothingMarked(visit);
  const ready: DeadLetter[] = [];
  const refused: string[] = [];
  for (const mark of marks) {
    const looked = await lookAt(visit, mark, deed);
    if (looked.is === 'ready') ready.push(looked.letter);
    else refused.push(looked.why);
  }
  const body = html`
<h1>${DEEDS[deed].asks} ${counted(ready.length, 'dead letter')}?</h1>
${refusals(refused)}
${
  ready.length === 0
    ? html`<p class="buttons"><a class="button" href="/queue#letters">Back</a></p>`
    : html`${section(DEEDS[deed].effect, html`<ul>${ready.map(line)}</ul>`)}${sureForm(visit, deed, ready)}`
}`;
  return { title: 'Dead letters', at: '/queue', body };
};

const DEEDS: Readonly<
  Record<Deed, { readonly asks: string; readonly effect: string; readonly done: string }>
> = {
  replay: {
    asks: 'Replay',
    effect: 'A message is handled or sent once more; a run asks again and starts nothing by itself',
    done: 'Replayed',
  },
  drop: { asks: 'Drop', effect: 'Given up for good; the record stays', done: 'Dropped' },
};

const deedOf = (given: string | undefined): Deed => {
  if (given === 'replay' || given === 'drop') return given;
  throw new ProblemError(400, 'invalid_query', 'Marked dead letters can be replayed or dropped.');
};

const nothingMarked = (visit: Visit): Response =>
  back({ ...visit, form: {} }, { tone: 'refused', words: 'Mark at least one. Nothing changed.' }, '/queue');

type Looked =
  | { readonly is: 'ready'; readonly letter: DeadLetter }
  | { readonly is: 'changed' | 'absent'; readonly why: string };

/** Whether the marked letter is still what was seen; otherwise why nothing is done about it. */
const lookAt = async ({ deps, visitor }: Visit, mark: Mark, deed: Deed): Promise<Looked> => {
  const found = await findLetter(deps.rooms, visitor.person, mark.name);
  if (!('letter' in found)) return { is: 'absent', why: plainLines(found.said.lines).join(' ') };
  const why = whyNot(found.letter, mark, deed);
  return why === undefined ? { is: 'ready', letter: found.letter } : { is: 'changed', why };
};

const line = (letter: DeadLetter): Html => html`<li>${letterTitle(letter)}: ${letter.error}</li>`;

const refusals = (refused: readonly string[]): Html | string =>
  refused.length === 0
    ? ''
    : html`<div class="said refused" role="alert"><p>Nothing is done about ${refused.length}:</p>
<ul>${refused.map((why) => html`<li>${why}</li>`)}</ul></div>`;

const sureForm = ({ visitor }: Visit, deed: Deed, ready: readonly DeadLetter[]): Html => html`
<form method="post" action="/queue/letters/${deed}" class="fields">
<input type="hidden" name="csrf" value="${visitor.csrf}">
${ready.map(
  (letter) => html`<input type="hidden" name="${MARK}${letterName(letter)}" value="${stampOf(letter)}">
`,
)}
${deed === 'drop' ? html`<p><label for="why">Why drop ${ready.length === 1 ? 'it' : 'them'}?</label><input id="why" name="reason" maxlength="500" required autocomplete="off"></p>` : ''}
<p class="buttons"><a class="button" href="/queue#letters">Back</a>
<button class="${deed === 'drop' ? 'danger' : 'primary'}">${DEEDS[deed].asks} ${ready.length}</button></p>
</form>`;

/** Each by itself, as if somebody had pressed its own button: the same line, the same rules, a record of its own. */
export const handleMarked =
  (deed: Deed) =>
  async (visit: Visit): Promise<Page | Response> => {
    const marks = marksOf(visit.form);
    if (marks.length === 0) return nothingMarked(visit);
    const reason = reasonOf(visit);
    if (deed === 'drop' && reason === '') {
      return back({ ...visit, form: {} }, { tone: 'refused', words: 'Say why. Nothing changed.' }, '/queue');
    }
    const done: string[] = [];
    const refused: string[] = [];
    for (const mark of marks) {
      const looked = await lookAt(visit, mark, deed);
      // What is not there, the rules say themselves: whoever tries what they may not know of is counted.
      if (looked.is === 'changed') refused.push(looked.why);
      else {
        const { tone, words } = saidOf(
          await type(visit, `deadletters ${deed} ${mark.name} ${reason}`.trim()),
        );
        if (tone === 'done') done.push(`${mark.name}: ${words}`);
        else refused.push(words);
      }
    }
    const body = html`
<h1>${DEEDS[deed].done} ${done.length} of ${marks.length}</h1>
${refusals(refused)}
${done.length === 0 ? '' : section(DEEDS[deed].done, html`<ul>${done.map((words) => html`<li>${words}</li>`)}</ul>`)}
<p class="buttons"><a class="button" href="/queue#letters">Back to the queue</a></p>`;
    return { title: 'Dead letters', at: '/queue', body };
  };
