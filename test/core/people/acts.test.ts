import { expect, test } from 'vitest';
import { ACTS, refusalOfAct } from '../../../src/core/people/acts.ts';

test('owners admit and revoke, and codes and lists of accounts stay in private chats', () => {
  expect(ACTS).toEqual({
    link: { by: 'anybody', where: 'private' },
    unlink: { by: 'known', where: 'anywhere' },
    admit: { by: 'owner', where: 'private' },
    revoke: { by: 'owner', where: 'anywhere' },
    people: { by: 'owner', where: 'private' },
    whoami: { by: 'known', where: 'anywhere' },
  });
});

test('a right is missed before a place is', () => {
  expect(refusalOfAct('admit', { roles: ['approver'] }, 'group')).toEqual({ why: 'owner_needed' });
  expect(refusalOfAct('admit', { roles: ['owner'] }, 'group')).toEqual({ why: 'private_only' });
  expect(refusalOfAct('admit', { roles: ['approver', 'owner'] }, 'private')).toBeUndefined();
  expect(refusalOfAct('revoke', undefined, 'private')).toEqual({ why: 'owner_needed' });
});
