import { html } from 'hono/html';
import { findLetter, visibleLetters } from '../../core/flows/ops/dead-letters.ts';
import { holdsRole, maySteer } from '../../core/people/may.ts';
import type { Person } from '../../core/people/person.ts';
import type { DeadLetter } from '../../core/runs/dead-letter.ts';
import type { Heartbeat } from '../../core/runs/heartbeat.ts';
import { hintOf } from '../../core/runs/heartbeat.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { letterName } from '../../core/text/ops/letter-words.ts';
import type { OpsFigures } from '../../core/text/ops/ops-figures.ts';
import { queueLines } from '../../core/text/ops/queue-words.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import { allows } from './allows.ts';
import { back, backWith, reasonOf, type } from './command.ts';
import { empty, type Html, moment, type Reader, section } from './html.ts';
import { MARK, stampOf } from './marks.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

/** `/queue`: what waits for a worker, who works, and what was given up on. */
export const showQueue = async (visit: Visit): Promise<Page> => {
  const { deps, visitor, reader } = visit;
  const { store } = deps.rooms;
  const knows = allows(deps, visitor, 'figures.read');
  const [figures, beats, letters] = await Promise.all([
    knows ? store.reader.figures(reader.now) : undefined,
    knows ? store.heartbeats.list() : [],
    visibleLetters(deps.rooms, visitor.person),
  ]);
  const runs = await store.runs.find(letters.flatMap(({ runId }) => runId ?? []));
  const may = (letter: DeadLetter): boolean =>
    mayHandle(visitor.person, letter, runs.get(letter.runId ?? '')?.state);
  const body = html`
<h1>Queue</h1>
${figures && html`<div class="columns">${section('Now', now(visit, figures))}${section('Workers and loops', who(beats, reader))}</div>`}
${section(
  `Dead letters (${letters.length})`,
  letters.length === 0
    ? empty(
        'Nothing was given up on. A run that fails for good, or a message that cannot be delivered, appears here.',
      )
    : html`${letters.map((letter) => letterCard(visit, letter, may(letter)))}${letters.some(may) ? marker : ''}`,
  'letters',
)}`;
  return { title: 'Queue', at: '/queue', body, live: { from: '/live', url: '/queue' } };
};

const now = ({ visitor }: Visit, figures: OpsFigures): Html => {
  const isPaused = figures.paused.includes('queue');
  const may = holdsRole(visitor.person, 'operator');
  const button = html`<form method="post" action="/queue/${isPaused ? 'unpause' : 'pause'}">
<input type="hidden" name="csrf" value="${visitor.csrf}"><button>${isPaused ? 'Let workers go on' : 'Pause the queue'}</button></form>`;
  return html`${plainLines(queueLines(figures)).map((line) => html`<p>${line}</p>`)}
${figures.stale.map(
  ({ runId, jobKey, workerId, sinceMs }) =>
    html`<p><span class="state bad">stale</span> <a href="/runs/${runId}">${runId}</a> ${jobKey}: no beat of ${workerId} for ${formatDuration(sinceMs)}</p>`,
)}
${may ? html`<div class="buttons">${button}</div>` : ''}`;
};

const who = (beats: readonly Heartbeat[], reader: Reader): Html =>
  beats.length === 0
    ? empty('Nobody has been heard of yet.')
    : html`<table><thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Heard</th></tr></thead>
<tbody>${beats.map((beat) => {
        const hint = hintOf(beat, reader.now);
        return html`<tr><td>${beat.name}</td><td><span class="state ${LOOKS[hint]}">${hint}</span></td>
<td>${formatDuration(Math.max(0, reader.now - beat.beatAt))} ago</td></tr>`;
      })}</tbody></table>`;

const LOOKS = { fresh: 'good', late: 'waits', silent: 'bad' } as const;

/** For all that are marked; each mark says which letter, as it was when the page was made. */
const marker = html`<form id="marked" method="get" action="/queue/letters" class="buttons">
<button name="do" value="replay">Replay those marked…</button>
<button name="do" value="drop" class="danger">Drop those marked…</button>
<button type="button" data-mark-all hidden>Mark all shown</button></form>`;

/** Messages are for operators; a run is for whoever may steer it. */
const mayHandle = (person: Person, { kind }: DeadLetter, run: LiveRun | undefined): boolean => {
  if (kind !== 'job') return holdsRole(person, 'operator');
  const asked = run?.requester.kind === 'person' ? run.requester.personId : undefined;
  return run !== undefined && maySteer(person, run, asked);
};

/** "j12 · run K7M2QX backup". */
export const letterTitle = (letter: DeadLetter): Html => {
  const { runId, jobKey = '', about, kind } = letter;
  const what = kind === 'job' ? 'run' : kind === 'inbound' ? 'message in' : 'message out';
  return html`${letterName(letter)} · ${what} ${runId === undefined ? about : html`<a href="/runs/${runId}">${runId}</a>`} ${jobKey}`;
};

const letterCard = ({ visitor, reader }: Visit, letter: DeadLetter, may: boolean): Html => {
  const name = letterName(letter);
  const { error, attempts, at, hindrance } = letter;
  const mark = html`<label class="mark"><input type="checkbox" form="marked" name="${MARK}${name}" value="${stampOf(letter)}"> Mark ${name}</label>`;
  const replay = html`<form method="post" action="/queue/letters/${name}/replay">
<input type="hidden" name="csrf" value="${visitor.csrf}"><button>Replay</button></form>`;
  return html`<article class="card letter" aria-labelledby="letter-${name}">
<h3 id="letter-${name}">${letterTitle(letter)}</h3>
<p>${error}</p>
<p class="hint">given up ${moment(at, reader)}, ${attempts} tried${hindrance === undefined ? '' : `, ${hindrance}`}</p>
${
  may
    ? html`<div class="buttons">${mark}${hindrance === undefined ? replay : ''}
<form method="post" action="/queue/letters/${name}/drop" class="inline">
<input type="hidden" name="csrf" value="${visitor.csrf}">
<label for="why-${name}">Why drop it?</label> <input id="why-${name}" name="reason" maxlength="500" required autocomplete="off">
<button class="danger">Drop</button></form></div>`
    : ''
}</article>`;
};

/** Replaying a run asks again and starts nothing by itself. */
export const replayLetter = async (visit: Visit): Promise<Response> => {
  const name = await letterOf(visit);
  return backWith(visit, await type(visit, `deadletters replay ${name}`), '/queue');
};

export const dropLetter = async (visit: Visit): Promise<Response> => {
  const name = await letterOf(visit);
  const reason = reasonOf(visit);
  if (reason === '') return back(visit, { tone: 'refused', words: 'Say why. Nothing changed.' }, '/queue');
  return backWith(visit, await type(visit, `deadletters drop ${name} ${reason}`), '/queue');
};

/** The whole name of a letter that the visitor may do something about. */
const letterOf = async ({ deps, visitor, params }: Visit): Promise<string> => {
  const found = await findLetter(deps.rooms, visitor.person, (params['id'] ?? '').slice(0, 40));
  if ('letter' in found) return letterName(found.letter);
  const words = plainLines(found.said.lines).join(' ');
  throw new ProblemError(404, 'unknown_dead_letter', words, found.said.refusal === undefined ? {} : HIDDEN);
};

export const pauseQueue =
  (what: 'pause' | 'unpause') =>
  async (visit: Visit): Promise<Response> =>
    backWith(visit, await type(visit, `${what} queue`), '/queue');
