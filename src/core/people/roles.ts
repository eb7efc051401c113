import type { Rights } from './may.ts';

export const BUILT_IN_ROLES = ['owner', 'approver', 'operator', 'requester', 'viewer'] as const;

/** Roles that mean something here: the built-in ones, and those that the policies of these jobs name. */
export const rolesInUse = (jobs: readonly Rights[]): readonly string[] => [
  ...new Set([
    ...BUILT_IN_ROLES,
    ...jobs.flatMap(({ requesters, approval }) => [
      ...[...requesters, ...approval.approvers].flatMap(roleIn),
      ...approval.needs.map(({ role }) => role),
    ]),
  ]),
];

/** The role that an entry of a policy names; none for the id of a person. */
export const roleIn = (entry: string): readonly string[] =>
  entry.startsWith('role:') ? [entry.slice('role:'.length)] : [];
