import type { LiveRun } from '../../../src/core/runs/run.ts';
import type { Known, Mirror } from './mirror.ts';
import type { Place } from './reading.ts';

/**
 * S14: the queue holds exactly the runs that wait for a worker or have one, each once, for exactly the attempt that its
 * history names.
 */
export const checkQueue = (mirror: Mirror, places: readonly Place[]): void => {
  const byRun = Map.groupBy(places, ({ run_id }) => run_id);
  for (const run of mirror.runs.values()) checkRun(mirror, run, byRun.get(run.runId) ?? []);
  checkLimits(mirror, places);
};

/** Of a job with a limit no more than that is in the hands of workers. */
const checkLimits = ({ world, runs }: Mirror, places: readonly Place[]): void => {
  const held = places.flatMap(({ table, run_id }) =>
    table === 'job_leases' ? (runs.get(run_id) ?? []) : [],
  );
  for (const [key, group] of Map.groupBy(held, ({ state }) =>
    state.status === 'absent' ? '' : state.jobKey,
  )) {
    const limit = Math.max(...group.map(({ spec }) => spec.concurrency ?? Infinity));
    if (group.length > limit)
      world.breaks('concurrency', `${group.length} runs of ${key} are held, and ${limit} may be`);
  }
};

/** People have not seen yet what this question is about. */
export const isUnseen = ({ previews, preview, epoch }: LiveRun): boolean =>
  previews === true && preview?.epoch !== epoch;

const checkRun = ({ world }: Mirror, { runId, state }: Known, places: readonly Place[]): void => {
  const [place] = places;
  const no = (words: string): void => world.breaks('S14', `${runId} ${words}`);
  if (state.status === 'AwaitingApproval' && isUnseen(state)) {
    if (places.length !== 1 || place?.epoch !== state.epoch || place.attempt !== 0)
      no(`waits for its preview and is ${places.length} times in the queue`);
    return;
  }
  if (state.status !== 'Dispatching' && state.status !== 'Running') {
    if (place !== undefined) no(`is ${state.status} and still in ${place.table}`);
    return;
  }
  if (place === undefined || places.length > 1)
    return no(`is ${state.status} and ${places.length} times in the queue`);
  const { epoch, attempt, fence, table } = place;
  if (epoch !== state.epoch || attempt !== state.attempt) {
    no(`waits for attempt ${state.epoch}/${state.attempt} and is queued for ${epoch}/${attempt}`);
  }
  if (state.status === 'Running' && (table !== 'job_leases' || fence !== state.fence)) {
    no(`is Running under fence ${state.fence}, and ${table} has ${fence}`);
  }
  if (state.status === 'Dispatching' && table === 'job_leases' && fence <= state.fence) {
    no(`is leased under fence ${fence} after ${state.fence}`);
  }
};
