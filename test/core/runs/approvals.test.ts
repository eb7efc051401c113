import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasAsked, holdsStill, standing, tally } from '../../../src/core/runs/approvals.ts';
import type { Vote } from '../../../src/core/runs/run.ts';
import { ana, asks, bob, cho, dbMigrate, noon, says, withApproval } from '../../cast.ts';
import { runAfter } from '../../given.ts';

const vote = (personId: string, ...roles: readonly string[]): Vote => ({
  personId,
  name: personId,
  identity: `dev:${personId}`,
  roles,
  at: noon,
});

const twoRoles = [
  { role: 'dba', count: 1 },
  { role: 'lead', count: 1 },
];

describe('counting votes', () => {
  test('people, not messages', () => {
    const votes = [vote('bob', 'approver'), vote('bob', 'approver')];
    expect(tally({ quorum: 2, needs: [] }, votes)).toMatchObject({ have: 1, need: 2, satisfied: false });
  });
  test('the needs raise the number of people', () =>
    expect(tally({ quorum: 1, needs: twoRoles }, [])).toEqual({
      have: 0,
      need: 2,
      missing: [
        { roles: ['dba'], count: 1 },
        { roles: ['lead'], count: 1 },
      ],
      satisfied: false,
    }));
  test('the quorum counts beyond the needs', () => {
    const votes = [vote('dan', 'dba'), vote('liv', 'lead')];
    expect(tally({ quorum: 3, needs: twoRoles }, votes)).toMatchObject({ missing: [], satisfied: false });
    expect(tally({ quorum: 3, needs: twoRoles }, [...votes, vote('bob', 'approver')]).satisfied).toBe(true);
  });
  test('a person moves over when somebody else covers only their first seat', () => {
    const votes = [vote('max', 'dba', 'lead'), vote('dan', 'dba')];
    expect(tally({ quorum: 1, needs: twoRoles }, votes)).toMatchObject({ missing: [], satisfied: true });
    expect(tally({ quorum: 1, needs: twoRoles }, votes.toReversed()).satisfied).toBe(true);
  });
  test('one person with both roles leaves either of them open', () => {
    const missing = [{ roles: ['dba', 'lead'], count: 1 }];
    expect(tally({ quorum: 1, needs: twoRoles }, [vote('max', 'dba', 'lead')])).toMatchObject({
      have: 1,
      need: 2,
      missing,
    });
  });
  test('where every yes has to cover a need, others do not count', () => {
    const votes = [vote('bob', 'approver'), vote('cho', 'approver')];
    expect(tally({ quorum: 2, needs: twoRoles }, votes).have).toBe(0);
    expect(tally({ quorum: 3, needs: twoRoles }, votes).have).toBe(1);
  });
  test('the same role twice takes two people', () => {
    const needs = [{ role: 'dba', count: 2 }];
    expect(tally({ quorum: 1, needs }, [vote('dan', 'dba')])).toMatchObject({
      need: 2,
      missing: [{ roles: ['dba'], count: 1 }],
    });
  });
  test('an owner covers operator and approver, and no other role', () => {
    const owner = [vote('olga', 'owner')];
    expect(tally({ quorum: 1, needs: [{ role: 'approver', count: 1 }] }, owner).satisfied).toBe(true);
    expect(tally({ quorum: 1, needs: [{ role: 'dba', count: 1 }] }, owner).satisfied).toBe(false);
  });
});

describe('whatever the votes', () => {
  const roles = fc.subarray(['approver', 'dba', 'lead', 'owner']);
  const votes = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), roles), {
    selector: ([id]) => id,
  });
  const need = fc.record({
    role: fc.constantFrom('approver', 'dba', 'lead'),
    count: fc.integer({ min: 1, max: 2 }),
  });
  const policy = fc.record({
    quorum: fc.integer({ min: 1, max: 4 }),
    needs: fc.uniqueArray(need, { selector: (each) => each.role }),
  });
  const cast = (list: readonly (readonly [string, readonly string[]])[]) =>
    list.map(([id, held]) => vote(id, ...held));

  test('their order does not decide', () =>
    fc.assert(
      fc.property(policy, votes, fc.nat(), (rules, list, turn) => {
        const at = list.length === 0 ? 0 : turn % list.length;
        const turned = [...list.slice(at), ...list.slice(0, at)].toReversed();
        const { have, need: wanted, satisfied } = tally(rules, cast(list));
        expect(tally(rules, cast(turned))).toMatchObject({ have, need: wanted, satisfied });
      }),
    ));

  test('another yes never takes an approval away', () =>
    fc.assert(
      fc.property(policy, votes, (rules, list) => {
        const reached = list.map((_, at) => tally(rules, cast(list.slice(0, at + 1))).satisfied);
        expect(reached.toSorted((a, b) => Number(a) - Number(b))).toEqual(reached);
      }),
    ));

  test('a brute-force seating agrees', () =>
    fc.assert(
      fc.property(policy, votes, (rules, list) => {
        const seats = rules.needs.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
        const enough = list.length >= Math.max(rules.quorum, seats.length);
        expect(tally(rules, cast(list)).satisfied).toBe(
          enough &&
            seatable(
              seats,
              list.map(([, held]) => held),
            ),
        );
      }),
    ));
});

/** Every way to seat them, by trying. */
const seatable = (seats: readonly string[], people: readonly (readonly string[])[]): boolean => {
  const [seat, ...rest] = seats;
  if (seat === undefined) return true;
  return people.some((roles, at) => {
    const sits = roles.includes(seat) || (seat === 'approver' && roles.includes('owner'));
    return sits && seatable(rest, people.toSpliced(at, 1));
  });
};

describe('votes at the claim', () => {
  const run = runAfter(asks(dbMigrate), says.yes(bob), says.yes(cho));
  test('those of people who are still entitled stand', () =>
    expect(standing(run, ['cho', 'ana']).map((each) => each.personId)).toEqual(['cho']));
  test('a voter is entitled as long as the right is held', () => {
    const [first] = run.votes;
    if (first === undefined) throw new Error('nobody voted');
    expect(holdsStill(run, first, bob)).toBe(true);
    expect(holdsStill(run, first, { ...bob, roles: ['viewer'] })).toBe(false);
    expect(holdsStill(run, first, ana)).toBe(false);
  });
  test('and with it every needed role that the vote may have covered', () => {
    const { approval } = withApproval(dbMigrate, { needs: twoRoles }).spec;
    const dan = vote('dan', 'approver', 'dba');
    expect(holdsStill({ approval }, dan, { id: 'dan', roles: ['approver', 'dba'] })).toBe(true);
    expect(holdsStill({ approval }, dan, { id: 'dan', roles: ['approver'] })).toBe(false);
  });
});

describe('who asked', () => {
  const run = runAfter(asks(dbMigrate));
  test('is the person, on whatever account', () =>
    expect(hasAsked(run, { ...ana, identities: ['telegram:1'] })).toBe(true));
  test('is whoever has the account that asked', () => {
    const { requester } = run;
    const identity = requester.kind === 'person' ? requester.identity : '';
    expect(hasAsked(run, { ...bob, identities: [...bob.identities, identity] })).toBe(true);
    expect(hasAsked(run, bob)).toBe(false);
  });
  test('is nobody when a schedule asked', () =>
    expect(hasAsked({ requester: { kind: 'schedule', key: 'nightly' } }, ana)).toBe(false));
});
