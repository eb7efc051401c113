import type { Rooms } from './heard.ts';

const PAGE = 200;

/** Ends what waited too long. Deadlines are rows compared with database time; timeouts only ever deny. */
export const closeOverdue = (rooms: Rooms) => async (): Promise<'busy' | 'idle'> => {
  const at = await rooms.store.now();
  const overdue = await rooms.store.runs.overdue(at, PAGE);
  await Promise.all(
    overdue.map(({ state }) =>
      rooms.orchestrator.execute({
        runId: state.runId,
        command: () => ({ type: 'expire', by: { kind: 'system', part: 'deadline' }, at }),
      }),
    ),
  );
  return overdue.length === PAGE ? 'busy' : 'idle';
};
