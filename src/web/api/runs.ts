import { maySee } from '../../core/people/may.ts';
import type { Person } from '../../core/people/person.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import { askerOf } from '../access/asker.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import type { Route, WebContext, WebDeps } from '../web-deps.ts';
import { runFilter } from './run-query.ts';
import { eventView, runView } from './run-view.ts';

export const runRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'GET', path: '/runs', access: 'runs.read', handle: listRuns(deps) },
  { method: 'GET', path: '/runs/:id', access: 'runs.read', handle: showRun(deps) },
];

const listRuns = (deps: WebDeps) => async (c: WebContext) => {
  const filter = runFilter(new URL(c.req.url).searchParams);
  const visible = await sightOf(deps, c);
  const page = await deps.rooms.store.runs.list(filter);
  // A page may come out shorter than its limit; only the cursor says whether more follow.
  return c.json({
    runs: page.runs.filter(({ state }) => visible(state)).map(({ state }) => runView(state)),
    nextCursor: page.nextCursor ?? null,
  });
};

const showRun = (deps: WebDeps) => async (c: WebContext) => {
  const given = c.req.param('id') ?? '';
  const runId = readRunId(given);
  const visible = await sightOf(deps, c);
  const { runs } = deps.rooms.store;
  const run = runId === undefined ? undefined : (await runs.find([runId])).get(runId)?.state;
  if (run === undefined || !visible(run)) {
    const said = `No run ${(runId ?? given).slice(0, 20)}.`;
    throw new ProblemError(404, 'unknown_run', said, run === undefined ? {} : HIDDEN);
  }
  const events = await runs.history(run.runId);
  return c.json({ run: runView(run), events: events.map(eventView) });
};

/** Which runs the caller may know of: what people see in chat. On the machine of the dev profile there are no secrets. */
const sightOf = async (deps: WebDeps, c: WebContext): Promise<(run: LiveRun) => boolean> => {
  if (c.get('caller').kind === 'local') return () => true;
  const { person } = await askerOf(deps, c);
  return (run) => maySee(person, run) || asked(person, run);
};

const asked = (person: Person, { requester }: LiveRun): boolean =>
  requester.kind === 'person' && requester.personId === person.id;
