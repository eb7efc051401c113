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

/** Whom to look for: whoever may decide has one of these ids or one of these roles. */
export const whoDecides = ({
  approval,
}: Pick<Rights, 'approval'>): { readonly ids: readonly string[]; readonly roles: readonly string[] } => {
  const named = [...approval.approvers.flatMap(roleIn), ...approval.needs.map(({ role }) => role)];
  const roles = named.some((role) => role === 'operator' || role === 'approver')
    ? [...named, 'owner']
    : named;
  return { ids: approval.approvers.filter((entry) => roleIn(entry).length === 0), roles };
};
