import type { ApprovalPolicy } from '../jobs/job.ts';
import { holdsRole, mayDecide } from '../people/may.ts';
import type { Person } from '../people/person.ts';
import type { Facts, Vote } from './run.ts';

export interface Tally {
  readonly have: number;
  readonly need: number;
  /** Roles that the votes so far leave uncovered, with how many are missing. */
  readonly missing: readonly { readonly role: string; readonly count: number }[];
  readonly satisfied: boolean;
}

/**
 * Counts people, not messages. A vote covers at most one need, so `[{dba, 1}, {lead, 1}]` takes two people even when one
 * of them holds both roles.
 */
export const tally = (policy: Pick<ApprovalPolicy, 'quorum' | 'needs'>, votes: readonly Vote[]): Tally => {
  const people = distinct(votes);
  const seats = policy.needs.flatMap((need) => Array.from({ length: need.count }, () => need.role));
  const filled = cover(seats, people);
  const missing = policy.needs
    .map((need) => ({
      role: need.role,
      count: need.count - seats.filter((role, seat) => role === need.role && filled.has(seat)).length,
    }))
    .filter((need) => need.count > 0);
  const need = Math.max(policy.quorum, seats.length);
  return { have: people.length, need, missing, satisfied: people.length >= need && missing.length === 0 };
};

/** The votes that still count: cast by somebody who holds the right now as well (quorum is judged twice). */
export const standing = (facts: Facts, entitled: readonly string[]): readonly Vote[] =>
  facts.votes.filter((vote) => entitled.includes(vote.personId));

/** Whether this person asked for it, or an account that is this person's by now, whoever had it then. */
export const hasAsked = ({ requester }: Pick<Facts, 'requester'>, { id, identities }: Person): boolean =>
  requester.kind === 'person' && (requester.personId === id || identities.includes(requester.identity));

/** Whether a voter, as known now, still holds what made the vote count: the right to decide, and every needed role. */
export const holdsStill = (
  facts: Pick<Facts, 'approval'>,
  vote: Vote,
  now: Pick<Person, 'id' | 'roles'>,
): boolean =>
  now.id === vote.personId &&
  mayDecide(now, facts) &&
  facts.approval.needs.every(({ role }) => !covers(vote.roles, role) || covers(now.roles, role));

const distinct = (votes: readonly Vote[]): readonly Vote[] =>
  votes.filter((vote, index) => votes.findIndex((other) => other.personId === vote.personId) === index);

/** Kuhn's matching: which seats can be filled, each by another person. Sizes are a handful. */
const cover = (seats: readonly string[], people: readonly Vote[]): ReadonlySet<number> => {
  const sitters = new Map<number, Vote>();
  const place = (vote: Vote, tried: Set<number>): boolean =>
    seats.some((role, seat) => {
      if (tried.has(seat) || !covers(vote.roles, role)) return false;
      tried.add(seat);
      const sitting = sitters.get(seat);
      if (sitting !== undefined && !place(sitting, tried)) return false;
      sitters.set(seat, vote);
      return true;
    });
  for (const vote of people) place(vote, new Set());
  return new Set(sitters.keys());
};

const covers = (roles: readonly string[], role: string): boolean => holdsRole({ roles }, role);
