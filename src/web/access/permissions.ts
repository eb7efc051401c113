import { BUILT_IN_ROLES } from '../../core/people/roles.ts';

type BuiltIn = (typeof BUILT_IN_ROLES)[number];

/** `custom`: any role that only the policies of jobs give a meaning to. */
type Holder = BuiltIn | 'custom';

const MEMBERS = ['owner', 'approver', 'operator', 'viewer', 'custom'] as const;

/**
 * What the routes ask for, and which roles have it: the ceiling of every caller. Below it the rules of core say which job
 * and which run, as they do in chat. Nothing here decides about a run: people do that, where the card is.
 */
const PERMISSIONS = {
  /** That it is there, and how it is talked to. */
  'service.read': [...MEMBERS, 'requester'],
  'runs.read': [...MEMBERS, 'requester'],
  'runs.request': ['owner', 'approver', 'operator', 'requester', 'custom'],
  /** Buttons of the console; whether a yes counts, and who may pause what, the rules say. */
  'runs.steer': ['owner', 'approver', 'operator', 'custom'],
  'jobs.read': MEMBERS,
  'jobs.write': ['owner', 'operator'],
  'schedules.read': MEMBERS,
  'schedules.write': ['owner', 'operator'],
  'letters.read': MEMBERS,
  'letters.write': ['owner', 'approver', 'operator', 'custom'],
  'gates.read': ['owner', 'approver', 'operator', 'viewer'],
  /** Records that belong to no run: who switched, admitted, signed in. */
  'history.read': ['owner', 'viewer'],
  /** What the program wrote down, which names runs that not everybody sees. */
  'log.read': ['owner'],
  /** Who has which rights. */
  'people.read': ['owner'],
  /** What a monitor shows. */
  'figures.read': ['owner', 'approver', 'operator', 'viewer'],
} as const satisfies Readonly<Record<string, readonly Holder[]>>;

export type Permission = keyof typeof PERMISSIONS;

/**
 * `open`: verifies callers in a way of its own, or needs none. `local`: the dev door, from this machine only. Everything
 * else takes a caller who has the permission.
 */
export type Access = 'open' | 'local' | Permission;

export const isAccess = (access: unknown): access is Access =>
  access === 'open' ||
  access === 'local' ||
  (typeof access === 'string' && Object.hasOwn(PERMISSIONS, access));

export const rolesWith = (permission: Permission): readonly Holder[] => PERMISSIONS[permission];

export const mayUse = (roles: readonly string[], permission: Permission): boolean => {
  const holders = rolesWith(permission);
  return roles.some((role) => holders.includes(BUILT_IN_ROLES.find((one) => one === role) ?? 'custom'));
};
