import { BUILT_IN_ROLES, roleIn, rolesInUse } from '../core/people/roles.ts';
import type { FileJob, FilePerson, FileSchedule } from './catalog-schema.ts';
import type { Finding, Path } from './problem.ts';
import { didYouMean } from './suggest.ts';

/** What of a file is well formed enough to be held against the rest, by key. */
export interface Entries {
  readonly jobs: ReadonlyMap<string, FileJob>;
  readonly schedules: ReadonlyMap<string, FileSchedule>;
  readonly people: ReadonlyMap<string, FilePerson>;
  /** Also those with problems of their own: whoever is listed exists. */
  readonly personIds: readonly string[];
}

/** Whether everybody who is named exists, is named once, and could do what the policies expect. */
export const checkPeople = (entries: Entries): Finding[] => [
  ...[...entries.people].flatMap(([id, person]) => checkPerson(person, entries, ['people', id])),
  ...checkIdentities(entries.people),
  ...[...entries.jobs].flatMap(([key, job]) => checkAccess(job, entries, ['jobs', key])),
  ...[...entries.schedules].flatMap(([key, { escalate }]) =>
    escalate === undefined ? [] : checkRecipient(escalate.to, entries, ['schedules', key, 'escalate', 'to']),
  ),
];

const checkPerson = (person: FilePerson, entries: Entries, at: Path): Finding[] =>
  person.roles.flatMap((role, index) => checkRole(role, rolesOfPolicies(entries), [...at, 'roles', index]));

/** A role of one's own is allowed; one letter beside a known one is a slip. */
const checkRole = (role: string, known: readonly string[], path: Path): Finding[] => {
  if (known.includes(role)) return [];
  const guess = didYouMean(role, known);
  return guess === '' ? [] : [{ path, message: `nothing uses the role "${role}"${guess}` }];
};

const rolesOfPolicies = ({ jobs }: Entries): readonly string[] =>
  rolesInUse(
    [...jobs.values()].map(({ approval, requesters }) => ({
      requesters,
      approval: { approvers: approval?.approvers ?? [], needs: approval?.needs ?? [] },
    })),
  );

const rolesOfPeople = ({ people }: Entries): string[] => [
  ...BUILT_IN_ROLES,
  ...[...people.values()].flatMap(({ roles }) => roles),
];

const checkIdentities = (people: ReadonlyMap<string, FilePerson>): Finding[] => {
  const owners = new Map<string, string>();
  return [...people].flatMap(([id, { identities }]) =>
    identities.flatMap((identity, index): Finding[] => {
      const owner = owners.get(identity);
      owners.set(identity, owner ?? id);
      if (owner === undefined) return [];
      const message =
        owner === id ? `${identity} is listed twice` : `${identity} already belongs to "${owner}"`;
      return [{ path: ['people', id, 'identities', index], message }];
    }),
  );
};

const checkAccess = (job: FileJob, entries: Entries, at: Path): Finding[] => {
  const { approval } = job;
  const approvers = approval?.approvers ?? [];
  return [
    ...job.requesters.flatMap((who, index) => checkWho(who, entries, [...at, 'requesters', index])),
    ...approvers.flatMap((who, index) => checkWho(who, entries, [...at, 'approval', 'approvers', index])),
    ...(approval?.needs ?? []).flatMap(({ role }, index) =>
      checkRole(role, rolesOfPeople(entries), [...at, 'approval', 'needs', index, 'role']),
    ),
    ...(approval?.escalate === undefined
      ? []
      : checkRecipient(approval.escalate.to, entries, [...at, 'approval', 'escalate', 'to'])),
    ...checkQuorum(job, [...at, 'approval']),
  ];
};

const checkWho = (who: string, entries: Entries, path: Path): Finding[] => {
  const [role] = roleIn(who);
  if (role !== undefined) {
    const known = rolesOfPeople(entries);
    const guess = known.includes(role) ? '' : didYouMean(role, known);
    return guess === '' ? [] : [{ path, message: `nobody holds the role "${role}"${guess}` }];
  }
  if (entries.personIds.includes(who)) return [];
  const asRole = BUILT_IN_ROLES.some((known) => known === who) ? `; the role is written "role:${who}"` : '';
  return [{ path, message: `no person called "${who}"${asRole || didYouMean(who, entries.personIds)}` }];
};

/** A chat is taken as it is; anything without a colon must be a person. */
const checkRecipient = (to: string, entries: Entries, path: Path): Finding[] =>
  to.includes(':') && !to.startsWith('role:') ? [] : checkWho(to, entries, path);

/** Roles may be given to more people later; a list of people by name is all there will ever be. */
const checkQuorum = ({ approval }: FileJob, at: Path): Finding[] => {
  if (approval === undefined || approval.policy === 'never') return [];
  const { approvers, quorum } = approval;
  if (approvers.length === 0)
    return [{ path: [...at, 'approvers'], message: 'is empty, so nobody could ever approve' }];
  const people = new Set(approvers);
  if (approvers.some((who) => who.startsWith('role:')) || people.size >= quorum) return [];
  const named = people.size === 1 ? '1 person is' : `${people.size} people are`;
  return [
    { path: [...at, 'quorum'], message: `${quorum} must say yes, but only ${named} listed as approvers` },
  ];
};
