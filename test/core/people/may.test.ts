import { describe, expect, test } from 'vitest';
import { DEV_ROLES, mayDecide, mayRequest, maySee, maySteer, SEATS } from '../../../src/core/people/may.ts';
import { type Actor, actorName, type Person } from '../../../src/core/people/person.ts';

const holding = (...roles: readonly string[]): Person => ({ id: 'pat', name: 'Pat', roles, identities: [] });

const usual = { requesters: ['role:operator'], approval: { approvers: ['role:approver'], needs: [] } };
const byName = { requesters: ['pat'], approval: { approvers: ['pat'], needs: [] } };
const closed = { requesters: [], approval: { approvers: [], needs: [] } };
const withNeeds = { requesters: [], approval: { approvers: [], needs: [{ role: 'dba', count: 1 }] } };

describe('with the usual policies', () => {
  test.each([
    ['owner', { request: true, decide: true, see: true }],
    ['operator', { request: true, decide: false, see: true }],
    ['approver', { request: false, decide: true, see: true }],
    ['requester', { request: false, decide: false, see: false }],
    ['viewer', { request: false, decide: false, see: true }],
    ['dba', { request: false, decide: false, see: false }],
  ])('%s', (role, may) => {
    const person = holding(role);
    expect({
      request: mayRequest(person, usual),
      decide: mayDecide(person, usual),
      see: maySee(person, usual),
    }).toEqual(may);
  });
  test('somebody without a role may nothing', () => {
    expect(mayRequest(holding(), usual) || mayDecide(holding(), usual) || maySee(holding(), usual)).toBe(
      false,
    );
  });
});

test('a policy may name a person', () => {
  expect(mayRequest(holding(), byName) && mayDecide(holding(), byName)).toBe(true);
  expect(mayRequest({ ...holding(), id: 'eve' }, byName)).toBe(false);
});

test('a person called like a role is not the role', () => {
  const person = { ...holding(), id: 'role:operator' };
  expect(mayRequest(person, usual)).toBe(false);
});

test('an empty policy means nobody, not even an owner', () => {
  const owner = holding('owner');
  expect(mayRequest(owner, closed) || mayDecide(owner, closed)).toBe(false);
  expect(maySee(owner, closed)).toBe(true);
});

test('a needed role gives the right to decide; an owner does not have it', () => {
  expect(mayDecide(holding('dba'), withNeeds)).toBe(true);
  expect(mayDecide(holding('owner'), withNeeds)).toBe(false);
});

describe('ending, starting or reviving a run', () => {
  test.each([
    ['whoever asked for it', holding(), 'pat', true],
    ['whoever may ask for it', holding('operator'), 'ana', true],
    ['whoever may decide it', holding('approver'), 'ana', true],
    ['a viewer', holding('viewer'), 'ana', false],
    ['nobody for a schedule without a right', holding(), undefined, false],
  ])('%s', (_who, person, requester, may) => expect(maySteer(person, usual, requester)).toBe(may));
});

test('the seats of the terminal', () => {
  expect(SEATS).toEqual({ ana: ['operator', 'approver'], bob: ['approver'], cho: ['approver'], eve: [] });
  expect(DEV_ROLES).toEqual(['operator', 'approver']);
  expect(SEATS['constructor']).toBeUndefined();
});

test.each<[Actor, string]>([
  [{ kind: 'person', person: holding(), identity: 'telegram:123456789' }, 'user:telegram:123456789'],
  [{ kind: 'schedule', key: 'nightly' }, 'schedule:nightly'],
  [{ kind: 'worker', id: 'w1' }, 'worker:w1'],
  [{ kind: 'system' }, 'system'],
  [{ kind: 'system', part: 'recovery' }, 'system:recovery'],
])('the history writes %j as %s', (actor, name) => expect(actorName(actor)).toBe(name));
