import type { ApprovalPolicy } from '../jobs/job.ts';
import type { Person } from './person.ts';

/** What of a run or job decides who may do something with it. */
export interface Rights {
  readonly requesters: readonly string[];
  readonly approval: Pick<ApprovalPolicy, 'approvers' | 'needs'>;
}

/** An owner is an operator and an approver as well. */
const holds = (person: Pick<Person, 'roles'>, role: string): boolean =>
  person.roles.includes(role) ||
  (person.roles.includes('owner') && (role === 'operator' || role === 'approver'));

/** Whether an entry of a policy, `role:NAME` or the id of a person, means this person. */
const means = (person: Pick<Person, 'id' | 'roles'>, entry: string): boolean =>
  entry.startsWith('role:') ? holds(person, entry.slice('role:'.length)) : entry === person.id;

export const holdsRole = holds;

export const mayRequest = (person: Person, rights: Rights): boolean =>
  rights.requesters.some((entry) => means(person, entry));

/** Whether this person's vote can count at all. An empty policy means nobody. */
export const mayDecide = (person: Pick<Person, 'id' | 'roles'>, rights: Pick<Rights, 'approval'>): boolean =>
  rights.approval.approvers.some((entry) => means(person, entry)) ||
  rights.approval.needs.some((need) => holds(person, need.role));

/** A person sees the jobs and runs that they may ask for or decide; viewers see all. */
export const maySee = (person: Person, rights: Rights): boolean =>
  mayRequest(person, rights) ||
  mayDecide(person, rights) ||
  holds(person, 'viewer') ||
  holds(person, 'owner');

/** Ending or reviving a run: whoever asked for it, whoever may ask for its job, whoever may decide it. */
export const maySteer = (person: Person, rights: Rights, requesterId: string | undefined): boolean =>
  person.id === requesterId || mayRequest(person, rights) || mayDecide(person, rights);

/** `operator` and `approver` for somebody whom nobody configured, on the dev door and in the terminal. */
export const DEV_ROLES = ['operator', 'approver'] as const;

/** The seats of the terminal chat (PRODUCT 2). */
export const SEATS: Readonly<Record<string, readonly string[]>> = Object.assign(
  // Without a prototype: a seat is looked up by what somebody calls themselves, "constructor" included.
  Object.create(null) as Record<string, readonly string[]>,
  { ana: ['operator', 'approver'], bob: ['approver'], cho: ['approver'], eve: [] },
);
