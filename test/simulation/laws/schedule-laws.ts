import { EVERY_MS, TIMETABLE } from '../people/catalog.ts';
import type { Happening, Known, Mirror, Typed } from './mirror.ts';

/** How late a missed occurrence may still be asked for. */
const CATCH_UP_MS = 5 * 60_000;

/** S13, L6: an occurrence asks once, at a moment of its timetable, not before it and not long after. */
export const checkTriggered = (
  mirror: Mirror,
  { event, run }: Happening<Typed<'ScheduleTriggered'>>,
): void => {
  const { world, occurrences, runs } = mirror;
  const { schedule, dueAt, late } = event.payload;
  const name = `${schedule} at ${new Date(dueAt).toISOString()}`;
  const spec = TIMETABLE.find(({ key }) => key === schedule);
  const [created] = run.events;
  if (spec === undefined || created?.actor !== `schedule:${schedule}`) {
    return world.breaks('S13', `${run.runId} says that ${schedule} asked for it`);
  }
  if (occurrences.has(name))
    world.breaks('S13', `${name} asks for ${occurrences.get(name)} and for ${run.runId}`);
  occurrences.set(name, run.runId);
  if (dueAt % EVERY_MS !== 0 || dueAt > event.at)
    world.breaks('L6', `${name} is no moment of its timetable yet`);
  if (late !== 'overlap' && event.at - dueAt > CATCH_UP_MS)
    world.breaks('L6', `${name} is asked for too late`);
  if (spec.overlap === 'allow') return;
  const other = [...runs.values()].find((one) => one !== run && isOpen(one, schedule));
  if (other !== undefined) world.breaks('L6', `${name} does not wait for ${other.runId}`);
};

/** Somebody may bring a run back at the very moment in which the next one is asked for; that is nobody's fault. */
const isOpen = ({ state, events }: Known, schedule: string): boolean =>
  state.status !== 'absent' &&
  state.trigger?.schedule === schedule &&
  !('endedAt' in state) &&
  events.every(({ type }) => type !== 'RunRecovered');
