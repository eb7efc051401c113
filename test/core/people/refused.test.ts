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
  for (const code of ['unknown_job', 'bad_duration', 'constructor', '']) {
    expect(refusedWish(code)).toBeUndefined();
  }
  for (const code of ['not_addressed', 'chatter', '__proto__']) expect(ignoredAs(code)).toBeUndefined();
  expect(ignoredAs('via_bot')).toEqual({ kind: 'message_ignored', reason: 'via_bot' });
});

test('no reason stands in two lists', () => {
  const all = [...AUTH_REASONS, ...IGNORED_REASONS];
  expect(new Set(all).size).toBe(all.length);
});
