import { type Amendment, amend } from '../../core/flows/runs/amend.ts';
import {
  changeSchedule,
  makeSchedule,
  type ScheduleOrder,
} from '../../core/flows/schedules/make-schedule.ts';
import { type ScheduleSeen, visibleSchedules } from '../../core/flows/schedules/schedules.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { nearest } from '../../core/text/grammar/nearest.ts';
import { type Asker, askerOf } from '../access/asker.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import type { KeyedBody, Route, WebContext, WebDeps } from '../web-deps.ts';
import { bodyOfPath, Fields, keyedBody } from './keyed-body.ts';
import { readBody } from './read-json.ts';
import { scheduleProblem } from './schedule-problem.ts';
import { scheduleView } from './schedule-view.ts';

export const scheduleRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'GET', path: '/schedules', access: 'schedules.read', handle: listSchedules(deps) },
  { method: 'POST', path: '/schedules', access: 'schedules.write', handle: createSchedule(deps) },
  { method: 'GET', path: '/schedules/:key', access: 'schedules.read', handle: showSchedule(deps) },
  { method: 'PUT', path: '/schedules/:key', access: 'schedules.write', handle: replaceSchedule(deps) },
];

const listSchedules = (deps: WebDeps) => async (c: WebContext) => {
  const { calendar } = deps.rooms.ambient;
  return c.json({ schedules: (await visible(deps, c)).map((one) => scheduleView(one, calendar)) });
};

const showSchedule = (deps: WebDeps) => async (c: WebContext) =>
  c.json({ schedule: await shown(deps, c, c.req.param('key') ?? '') });

const createSchedule = (deps: WebDeps) => async (c: WebContext) => {
  const body = keyedBody(await readBody(c, Fields), deps.readSchedule);
  const order = orderOf(deps, body, await askerOf(deps, c));
  await amended(deps, makeSchedule(deps.rooms, order));
  return c.json({ schedule: await shown(deps, c, order.key) }, 201, { location: `/schedules/${order.key}` });
};

const replaceSchedule = (deps: WebDeps) => async (c: WebContext) => {
  const key = c.req.param('key') ?? '';
  const fields = await readBody(c, Fields);
  const all = await visible(deps, c);
  const seen = all.find(({ schedule }) => schedule.spec.key === key);
  if (seen === undefined) throw await unknownSchedule(deps, key, all);
  // Whose it is comes before everything else: nobody changes a schedule of the file here.
  if (seen.schedule.source === 'file') throw scheduleProblem('schedule_of_file', OF_FILE);
  const order = orderOf(deps, bodyOfPath(fields, key), await askerOf(deps, c));
  await amended(deps, changeSchedule(deps.rooms, order));
  return c.json({ schedule: await shown(deps, c, key) });
};

const OF_FILE = 'A schedule that comes from the file is changed only in the file.';

const visible = async (deps: WebDeps, c: WebContext): Promise<readonly ScheduleSeen[]> => {
  const person = c.get('caller').kind === 'local' ? undefined : (await askerOf(deps, c)).person;
  return visibleSchedules(deps.rooms.store, person);
};

const shown = async (deps: WebDeps, c: WebContext, key: string) => {
  const all = await visible(deps, c);
  const found = all.find(({ schedule }) => schedule.spec.key === key);
  if (found === undefined) throw await unknownSchedule(deps, key, all);
  return scheduleView(found, deps.rooms.ambient.calendar);
};

const unknownSchedule = async (
  { rooms }: WebDeps,
  key: string,
  seen: readonly ScheduleSeen[],
): Promise<ProblemError> => {
  const isThere = (await visibleSchedules(rooms.store, undefined)).some(
    (one) => one.schedule.spec.key === key,
  );
  const [near] = nearest(
    key,
    seen.map(({ schedule }) => schedule.spec.key),
  );
  const said = `No schedule called "${key.length > 63 ? `${key.slice(0, 62)}…` : key}".`;
  const detail = near === undefined ? said : `${said} Did you mean "${near}"?`;
  return new ProblemError(404, 'unknown_schedule', detail, isThere ? HIDDEN : {});
};

const orderOf = (
  { readSchedule }: WebDeps,
  body: KeyedBody,
  { person, from }: Asker,
): ScheduleOrder & { readonly key: string } => {
  const read = readSchedule(body);
  if (!read.ok) {
    throw new ProblemError(422, 'invalid_schedule', read.problems.join(' · '), { problems: read.problems });
  }
  const { given, ...wanted } = read.wanted;
  return {
    ...wanted,
    key: body.key,
    args: { given: Object.entries(given).map(([name, value]) => ({ name, value })), stray: [] },
    source: 'api',
    by: { person, identity: from.identity },
  };
};

const amended = async ({ rooms }: WebDeps, judge: () => Promise<Amendment>): Promise<void> => {
  const done = await amend(rooms.store, judge);
  if (done === 'seen_before') throw new Error('a call was taken for a repeated message');
  if (done.refused !== undefined) {
    const words = plainLines(done.said.lines).join(' ');
    throw scheduleProblem(done.refused, words, done.said.refusal === undefined ? {} : HIDDEN);
  }
};
