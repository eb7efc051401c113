import type { Rooms } from './heard.ts';

const PAGE = 200;

/** Ends what waited too long. Deadlines are rows compared with database time; timeouts only ever deny. */
export const closeOverdue = (rooms: Rooms) => async (): Promise<'busy' | 'idle'> => {
  const at = await rooms.store.now();
  const overdue = await rooms.store.runs.overdue(at, PAGE);
  await Promise.all(overdue.map(({ state }) => close(rooms, state.runId, at)));
  return overdue.length === PAGE ? 'busy' : 'idle';
};

/** One run that cannot be closed does not keep the others open. */
const close = async (rooms: Rooms, runId: string, at: number): Promise<void> => {
  try {
    await rooms.orchestrator.execute({
      runId,
      command: () => ({ type: 'expire', by: { kind: 'system', part: 'deadline' }, at }),
    });
  } catch (error) {
    rooms.observe({ kind: 'loop_faulted', loop: 'close-overdue', error });
  }
};
