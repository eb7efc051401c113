import { html } from 'hono/html';
import type { Scorecard, ScoreLine } from '../../core/scorecard/card.ts';
import type { ScoreOutcome } from '../../core/scorecard/threshold.ts';
import { bound, shownValue } from '../../core/text/ops/scorecard-words.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { ProblemError } from '../problem.ts';
import { allows } from './allows.ts';
import { empty, type Html, moment, type Reader, section } from './html.ts';
import type { KeptCard } from './kept-scorecards.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

const DAYS = 7;
const DAYS_MAX = 90;

/** `/scorecard`: the gate over some days, line by line, as `textops scorecard` makes it. */
export const showScorecard = async (visit: Visit): Promise<Page> => {
  const { c, deps, reader } = visit;
  const days = daysOf(c.req.query('days'));
  const { card, next }: KeptCard = (await deps.scorecards?.over(days)) ?? { next: 'none' };
  const body = html`
<h1>Scorecard</h1>
<form class="filters" method="get" action="/scorecard" role="search">
<label>Days up to now <input name="days" type="number" min="1" max="${DAYS_MAX}" value="${days}"></label>
<button>Show</button>
</form>
${card === undefined ? empty(WITHOUT[next]) : html`${verdict(card, next, reader)}${linesOf(card)}${reasons(visit, card)}`}`;
  return {
    title: 'Scorecard',
    at: '/scorecard',
    body,
    live: { from: '/live', url: `/scorecard?days=${days}` },
  };
};

const daysOf = (given = ''): number => {
  const days = given === '' ? DAYS : Number(given);
  if (/^\d{0,3}$/.test(given) && days >= 1 && days <= DAYS_MAX) return days;
  throw new ProblemError(400, 'invalid_query', `Days are a whole number from 1 to ${DAYS_MAX}.`);
};

const WITHOUT: Readonly<Record<KeptCard['next'], string>> = {
  none: 'Nobody makes a scorecard here.',
  'being made':
    'It is being made, which takes some seconds where much has happened. Load the page again in a moment.',
  later: 'Another window is being looked at, and one is at a time. Load the page again in a moment.',
  failed:
    'It could not be made just now; the log says why. It is tried again when somebody asks in a minute.',
};

const NEXT: Readonly<Record<KeptCard['next'], string>> = {
  none: '',
  'being made': '; a newer one is being made',
  later: '; a newer one is made after another window',
  failed: '; a newer one could not be made, and the log says why',
};

const verdict = (
  { verdict: outcome, since, until }: Scorecard,
  next: KeptCard['next'],
  reader: Reader,
): Html => html`
<p class="verdict ${LOOKS[outcome]}"><strong>${outcome}</strong></p>
<p class="hint">From ${moment(since, reader)} to ${moment(until, reader)}, made ${formatDuration(Math.max(0, reader.now - until))} ago${NEXT[next]}.</p>`;

const LOOKS: Readonly<Record<ScoreOutcome, string>> = {
  PASS: 'good',
  FAIL: 'bad',
  'NOT ENOUGH DATA': 'waits',
};

const linesOf = ({ lines }: Scorecard): Html =>
  section(
    'Lines',
    html`<div class="scroll" tabindex="0" role="region" aria-label="Lines"><table class="roomy">
<thead><tr><th scope="col">Line</th><th scope="col">Outcome</th><th scope="col">Value</th><th scope="col">Threshold</th><th scope="col">Samples</th></tr></thead>
<tbody>${lines.map(row)}</tbody></table></div>`,
  );

const row = (line: ScoreLine): Html => {
  const { title, threshold, samples, samplesMin, samplesOf, outcome, how } = line;
  return html`<tr><td>${title}<details><summary>How</summary><p class="hint">${how}</p></details></td>
<td class="word"><span class="state ${LOOKS[outcome]}">${outcome}</span></td>
<td class="word">${shownValue(line)}</td><td class="word">${bound(threshold)}</td>
<td>${samples} ${samplesOf} (≥ ${samplesMin})</td></tr>`;
};

/** A reason may name a run or an account, which not everybody who sees the figures may know of. */
const reasons = (visit: Visit, card: Scorecard): Html | string => {
  if (card.reasons.length === 0) return '';
  const knows = allows(visit.deps, visit.visitor, 'history.read');
  const missed = card.lines.filter(({ outcome }) => outcome !== 'PASS');
  const said = knows ? card.reasons : missed.map(({ name, outcome }) => `${name}: ${outcome}`);
  return section(
    `Reasons (${said.length})`,
    html`<ul>${said.map((reason) => html`<li>${reason}</li>`)}</ul>
${knows ? '' : html`<p class="hint">They name runs and accounts, so owners and viewers see them in full.</p>`}`,
  );
};
