import type { Job, Person, Run, World } from './world.ts';

// Who may, as the contract says it (PRODUCT 2 and 4).

const holds = ({ roles }: Person, role: string): boolean =>
  roles.includes(role) || (roles.includes('owner') && ['operator', 'approver'].includes(role));

const means = (entries: readonly string[], person: Person): boolean =>
  entries.some((entry) => (entry.startsWith('role:') ? holds(person, entry.slice(5)) : entry === person.id));

export const mayAsk = (job: Job, person: Person): boolean => means(job.requesters, person);

export const mayDecide = (job: Job, person: Person): boolean =>
  means(job.approvers, person) || job.needs.some(({ role }) => holds(person, role));

export const maySee = (job: Job, person: Person): boolean =>
  mayAsk(job, person) || mayDecide(job, person) || holds(person, 'viewer') || holds(person, 'owner');

export const mayEnd = (run: Run, person: Person): boolean =>
  run.by === person.id || mayAsk(run.job, person) || mayDecide(run.job, person);

const SEATS: Readonly<Record<string, Person['roles']>> = { bob: ['approver'], cho: ['approver'], eve: [] };

/** Somebody whom nobody admitted is a person, and another one, on the dev door of the dev profile. */
export const personOf = ({ people, dev }: World, who: string, chat: string): Person | undefined => {
  const roles = people[who];
  if (roles !== undefined) return { id: who, roles };
  if (!dev || !chat.startsWith('dev:')) return undefined;
  return { id: `dev:${who}`, roles: SEATS[who] ?? ['operator', 'approver'] };
};

/** Enough people in all, and every need by people of its own. */
export const enough = ({ quorum, needs }: Job, votes: readonly Person[]): boolean => {
  const seats = needs.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
  const seated = ([seat, ...others]: readonly string[], free: readonly Person[]): boolean =>
    seat === undefined ||
    free.some((person, at) => holds(person, seat) && seated(others, free.toSpliced(at, 1)));
  return votes.length >= Math.max(quorum, seats.length) && seated(seats, votes);
};

/** Votes of people who still hold what made them count. */
export const standing = (world: World, { job, votes }: Run): readonly Person[] =>
  votes.filter((vote) => {
    const [who = '', chat = ''] = vote.id.split(':').toReversed();
    const now = personOf(world, who, `${chat}:`);
    if (now?.id !== vote.id || !mayDecide(job, now)) return false;
    return job.needs.every(({ role }) => !holds(vote, role) || holds(now, role));
  });
