import { holdsRole } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import type { Instant } from '../../time/instant.ts';
import type { Rooms } from '../messages/heard.ts';
import { reachable } from '../messages/reachable.ts';
import { setAside, took } from '../messages/set-aside.ts';

const PAGE = 200;

/**
 * Reminds and escalates. What is due is a column compared with database time; the event that comes of it is the run's own,
 * so of several processes that look at the same moment one tells anybody.
 */
export const sendNotices = (rooms: Rooms) => {
  const aside = setAside('send-notices', rooms.observe);
  return async (): Promise<'busy' | 'idle'> => {
    const at = await rooms.store.now();
    const due = await rooms.store.runs.noticeDue(at, PAGE, aside.at(at));
    await Promise.all(due.map((runId) => aside.attempt(runId, at, () => notify(rooms, runId, at))));
    return due.length === PAGE ? 'busy' : 'idle';
  };
};

const notify = async (rooms: Rooms, runId: string, at: Instant): Promise<'done' | 'left'> =>
  took(
    await rooms.orchestrator.execute({
      runId,
      command: async (state) => {
        const escalate = state.status === 'AwaitingApproval' ? state.escalate : undefined;
        const addresses = escalate === undefined ? [] : await recipients(rooms, escalate.to);
        return { type: 'notify', by: { kind: 'system', part: 'deadline' }, addresses, at };
      },
    }),
  );

/** Where a chat, a person or everybody with a role is asked; nobody's address when there is nobody. */
const recipients = async (rooms: Pick<Rooms, 'store' | 'house'>, to: string): Promise<readonly string[]> => {
  if (to.includes(':') && !to.startsWith('role:')) return [to];
  const role = to.startsWith('role:') ? to.slice('role:'.length) : undefined;
  const meant = (person: Person): boolean =>
    role === undefined ? person.id === to : holdsRole(person, role);
  const people = (await rooms.store.people.list()).filter(meant);
  return reachable(rooms, people);
};
