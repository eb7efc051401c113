import { expect, test } from 'vitest';
import {
  AUTH_REASONS,
  IGNORED_REASONS,
  ignoredAs,
  refusedByRules,
  refusedWish,
} from '../../../src/core/people/refused.ts';
import { REFUSALS } from '../../../src/core/runs/refusal.ts';

test('every no of the rules is counted, as missing a right or as coming at the wrong time', () => {
  const kinds = REFUSALS.map((why) => refusedByRules(why).kind);
  expect(new Set(kinds)).toEqual(new Set(['auth_refused', 'transition_rejected']));
  expect(refusedByRules('may_not_decide')).toEqual({ kind: 'auth_refused', reason: 'may_not_decide' });
  expect(refusedByRules('already_decided')).toEqual({
    kind: 'transition_rejected',
    reason: 'already_decided',
  });
});

test('what was only badly written, or not meant for us, is not counted', () => {
  for (const code of ['unknown_job', 'unknown_person', 'unknown_token', 'role_missing', 'constructor', '']) {
    expect(refusedWish(code)).toBeUndefined();
  }
  for (const code of ['not_addressed', 'chatter', '__proto__']) expect(ignoredAs(code)).toBeUndefined();
  expect(ignoredAs('via_bot')).toEqual({ kind: 'message_ignored', reason: 'via_bot' });
});

test('whoever lacks the role, or shows a code where all read it, was kept out', () => {
  for (const reason of ['role_needed', 'private_only', 'owner_needed'] as const) {
    expect(refusedWish(reason)).toEqual({ kind: 'auth_refused', reason });
  }
});

test('no reason stands in two lists', () => {
  const all = [...AUTH_REASONS, ...IGNORED_REASONS];
  expect(new Set(all).size).toBe(all.length);
});
