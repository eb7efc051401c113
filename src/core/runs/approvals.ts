import type { ApprovalPolicy } from '../jobs/job.ts';
import { holdsRole, mayDecide } from '../people/may.ts';
import type { Person } from '../people/person.ts';
import type { Facts, Vote } from './run.ts';

export interface Tally {
  /** Votes that count: a yes more of somebody who covers no need is none while only needs are open. */
  readonly have: number;
  readonly need: number;
  readonly missing: readonly Missing[];
  readonly satisfied: boolean;
}

/** So many more people, each with one of these roles: more than one where somebody can move over to another need. */
export interface Missing {
  readonly roles: readonly string[];
  readonly count: number;
}

/** What is missing, with the names of those whose yes would bring it. */
export interface Lacking extends Missing {
  readonly names: readonly string[];
}

/**
 * Counts people, not messages. A vote covers at most one need, so `[{dba, 1}, {lead, 1}]` takes two people even when one
 * of them holds both roles.
 */
export const tally = (policy: Pick<ApprovalPolicy, 'quorum' | 'needs'>, votes: readonly Vote[]): Tally => {
  const people = distinct(votes);
  const seats = policy.needs.flatMap((need) => Array.from({ length: need.count }, () => need.role));
  const sitters = cover(seats, people);
  const need = Math.max(policy.quorum, seats.length);
  const beside = Math.min(people.length - sitters.size, need - seats.length);
  const have = sitters.size + beside;
  return { have, need, missing: missingFrom(seats, sitters), satisfied: have === need };
};

/** Whether a yes of this person would bring the run nearer to its start. */
export const wouldCount = (
  { approval, votes }: Pick<Facts, 'approval' | 'votes'>,
  { id, name, roles }: Pick<Person, 'id' | 'name' | 'roles'>,
): boolean => {
  const vote = { personId: id, name, identity: '', roles, at: 0 };
  return tally(approval, [...votes, vote]).have > tally(approval, votes).have;
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
const cover = (seats: readonly string[], people: readonly Vote[]): ReadonlyMap<number, Vote> => {
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
  return sitters;
};

const missingFrom = (seats: readonly string[], sitters: ReadonlyMap<number, Vote>): readonly Missing[] => {
  const groups = new Map<string, Missing>();
  seats.forEach((role, seat) => {
    if (sitters.has(seat)) return;
    const roles = [...new Set(seats)].filter((one) => takersOf(role, seats, sitters).has(one));
    const { count } = groups.get(roles.join()) ?? { count: 0 };
    groups.set(roles.join(), { roles, count: count + 1 });
  });
  return [...groups.values()];
};

/** The roles that would do for an open need: its own, and those of needs whose sitters could move over to it, and so on. */
const takersOf = (
  role: string,
  seats: readonly string[],
  sitters: ReadonlyMap<number, Vote>,
): ReadonlySet<string> => {
  const takers = new Set([role]);
  for (const taker of takers) {
    for (const [seat, { roles }] of sitters) if (covers(roles, taker)) takers.add(seats[seat] ?? taker);
  }
  return takers;
};

const covers = (roles: readonly string[], role: string): boolean => holdsRole({ roles }, role);
