import type { Rooms } from '../messages/heard.ts';
import { setAside, took } from '../messages/set-aside.ts';

const PAGE = 200;

/** Ends what waited too long. Deadlines are rows compared with database time; timeouts only ever deny. */
export const closeOverdue = (rooms: Rooms) => {
  const aside = setAside('close-overdue', rooms.observe);
  return async (): Promise<'busy' | 'idle'> => {
    const at = await rooms.store.now();
    const overdue = await rooms.store.runs.overdue(at, PAGE, aside.at(at));
    await Promise.all(overdue.map((runId) => aside.attempt(runId, at, () => close(rooms, runId, at))));
    return overdue.length === PAGE ? 'busy' : 'idle';
  };
};

const close = async ({ orchestrator }: Rooms, runId: string, at: number): Promise<'done' | 'left'> =>
  took(
    await orchestrator.execute({
      runId,
      command: () => ({ type: 'expire', by: { kind: 'system', part: 'deadline' }, at }),
    }),
  );
