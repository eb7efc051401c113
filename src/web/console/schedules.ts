import { html } from 'hono/html';
import { rightsOf } from '../../core/flows/messages/heard.ts';
import { type ScheduleSeen, visibleSchedules } from '../../core/flows/schedules/schedules.ts';
import { holdsRole, maySteer } from '../../core/people/may.ts';
import { firstOf } from '../../core/schedules/first-of.ts';
import type { Settled } from '../../core/schedules/schedule.ts';
import { zonedMoment } from '../../core/time/zoned.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import { backWith, type } from './command.ts';
import { empty, type Html, moment, type Reader, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

/** `/schedules`: what the clock asks for, and what came of it last. */
export const showSchedules = async (visit: Visit): Promise<Page> => {
  const found = await seenBy(visit);
  const body = html`
<h1>Schedules</h1>
${section(
  `In force (${found.length})`,
  found.length === 0
    ? empty(
        'No schedule of a job that you may ask for or decide. In a chat: /schedule backup "0 2 * * *" Europe/Berlin',
      )
    : table(found, visit),
)}`;
  return { title: 'Schedules', at: '/schedules', body, live: { from: '/live', url: '/schedules' } };
};

const seenBy = ({ deps, visitor }: Visit): Promise<readonly ScheduleSeen[]> =>
  visibleSchedules(deps.rooms.store, visitor.person);

const table = (found: readonly ScheduleSeen[], visit: Visit): Html => html`
<table><thead><tr><th scope="col">Schedule</th><th scope="col">Job</th><th scope="col" class="wide">When</th>
<th scope="col">Next</th><th scope="col" class="wide">Last</th></tr></thead>
<tbody>${found.map(({ schedule }) => {
  const { spec, last } = schedule;
  return html`<tr><td><a href="/schedules/${spec.key}">${spec.key}</a></td>
<td><a class="plain" href="/jobs/${spec.jobKey}">${spec.jobKey}</a></td>
<td class="wide">${visit.deps.rooms.ambient.calendar.words(spec)}</td><td>${standing({ schedule }, visit.reader)}</td>
<td class="wide">${last === undefined ? 'never' : outcome(last, visit.reader)}</td></tr>`;
})}</tbody></table>`;

const standing = ({ schedule: { standing: now } }: ScheduleSeen, reader: Reader): Html => {
  if (now.paused !== undefined) return html`<span class="state waits">paused by ${now.paused.by}</span>`;
  if (now.nextAt === undefined) return html`<span class="state over">never again</span>`;
  return html`${moment(now.nextAt, reader)}${now.snoozed === undefined ? '' : html` <span class="hint">put off</span>`}`;
};

const outcome = ({ dueAt, outcome: became, runId, because, times = 1 }: Settled, reader: Reader): Html => {
  const run = runId === undefined ? '' : html` <a href="/runs/${runId}">${runId}</a>`;
  const why = because === undefined ? '' : ` (${because})`;
  const often = times > 1 ? `, ${times} times` : '';
  return html`${moment(dueAt, reader)} ${became}${why}${often}${run}`;
};

const UPCOMING = 5;

/** `/schedules/:key`: its next occurrences on both clocks, and what became of those before. */
export const showSchedule = async (visit: Visit): Promise<Page> => {
  const { deps, reader, params } = visit;
  const found = await seenBy(visit);
  const seen = found.find(({ schedule }) => schedule.spec.key === params['key']);
  if (seen === undefined) throw await unknown(visit);
  const { spec, standing: now, source } = seen.schedule;
  const { calendar } = deps.rooms.ambient;
  const past = await deps.rooms.store.schedules.occurrences(spec.key, PAST_MAX);
  const next =
    now.nextAt === undefined
      ? []
      : [now.nextAt, ...firstOf(calendar.upcoming(spec, now.nextAt), UPCOMING - 1)];
  const body = html`
<h1>${spec.key}</h1>
<p class="sub">${calendar.words(spec)}, asks for <a href="/jobs/${spec.jobKey}">${spec.jobKey}</a> in ${spec.chat} (from the ${source})</p>
<div class="columns">
<div>${section(
    'Next',
    next.length === 0 ? html`<p>${standing(seen, reader)}</p>` : upcoming(next, spec.timezone, reader),
  )}
${section(
  `Occurrences (${past.length})`,
  past.length === 0
    ? empty('None has come round yet.')
    : html`<ol class="plain-list">${past.map((one) => html`<li>${outcome(one, reader)}</li>`)}</ol>`,
)}</div>
${await steering(visit, seen)}
</div>`;
  return { title: spec.key, at: '/schedules', body };
};

const PAST_MAX = 50;

const upcoming = (next: readonly number[], timezone: string, reader: Reader): Html => html`
<table><thead><tr><th scope="col">${timezone}</th>${timezone === reader.timezone ? '' : html`<th scope="col">${reader.timezone}</th>`}</tr></thead>
<tbody>${next.map(
  (at) =>
    html`<tr><td>${zonedMoment(at, timezone, reader.now)}</td>${timezone === reader.timezone ? '' : html`<td>${zonedMoment(at, reader.timezone, reader.now)}</td>`}</tr>`,
)}</tbody></table>`;

/** What may be done with it now; each is the line that a chat knows. */
const steering = async ({ deps, visitor }: Visit, { schedule }: ScheduleSeen): Promise<Html> => {
  const job = await deps.rooms.store.catalog.find(schedule.spec.jobKey);
  const { person } = visitor;
  const may = job === undefined ? holdsRole(person, 'owner') : maySteer(person, rightsOf(job), undefined);
  if (!may) return section('Steer', empty('Whoever may ask for or decide its job may pause it.'));
  const verbs = schedule.standing.paused === undefined ? (['pause', 'skip'] as const) : (['resume'] as const);
  return section(
    'Steer',
    html`<div class="buttons">${verbs.map(
      (verb) => html`<form method="post" action="/schedules/${schedule.spec.key}/${verb}">
<input type="hidden" name="csrf" value="${visitor.csrf}"><button>${LABELS[verb]}</button></form>`,
    )}</div>
<p class="hint">In a chat also: <code>/schedule snooze ${schedule.spec.key} 2h</code></p>`,
  );
};

const LABELS = { pause: 'Pause', skip: 'Skip the next one', resume: 'Resume' } as const;

const unknown = async ({ deps, params }: Visit): Promise<ProblemError> => {
  const key = (params['key'] ?? '').slice(0, 63);
  const isThere = (await deps.rooms.store.schedules.find(key)) !== undefined;
  return new ProblemError(404, 'unknown_schedule', `No schedule called "${key}".`, isThere ? HIDDEN : {});
};

export const steerSchedule =
  (verb: keyof typeof LABELS) =>
  async (visit: Visit): Promise<Response> => {
    const { schedule } =
      (await seenBy(visit)).find((one) => one.schedule.spec.key === visit.params['key']) ?? {};
    if (schedule === undefined) throw await unknown(visit);
    const { key } = schedule.spec;
    return backWith(visit, await type(visit, `schedule ${verb} ${key}`), `/schedules/${key}`);
  };
