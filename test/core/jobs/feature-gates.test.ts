import { describe, expect, test } from 'vitest';
import { GATE_NAMES, type GateState, judgeFlip } from '../../../src/core/jobs/feature-gates.ts';

const closed: readonly GateState[] = GATE_NAMES.map((name) => ({ name, open: false }));
const opened = (...names: readonly string[]): readonly GateState[] =>
  closed.map((state) => (names.includes(state.name) ? { ...state, open: true } : state));

const SUBSTRATE = 'queue.job_substrate.enabled';
const RETRY = 'queue.retry.enabled';

describe('a gate', () => {
  test('refuses to open before those it depends on, and names them', () => {
    expect(judgeFlip(closed, { name: SUBSTRATE, open: true })).toBeUndefined();
    expect(judgeFlip(closed, { name: RETRY, open: true })).toEqual({
      why: 'gate_needs_others',
      missing: [SUBSTRATE],
    });
    expect(judgeFlip(opened(SUBSTRATE), { name: RETRY, open: true })).toBeUndefined();
  });

  test('can always be closed: that is the way back', () =>
    expect(judgeFlip(opened(SUBSTRATE, RETRY), { name: SUBSTRATE, open: false })).toBeUndefined());

  test('that is as wished already is no news', () => {
    expect(judgeFlip(opened(SUBSTRATE), { name: SUBSTRATE, open: true })).toEqual({ why: 'no_change' });
    expect(judgeFlip(closed, { name: SUBSTRATE, open: false })).toEqual({ why: 'no_change' });
  });

  test('that stands for a number needs one, and takes another one while it is open', () => {
    const name = 'queue.retry.max_attempts.http';
    const ready = opened(SUBSTRATE, RETRY);
    expect(judgeFlip(ready, { name, open: true })).toEqual({ why: 'value_needed', min: 1, max: 20 });
    expect(judgeFlip(ready, { name, open: true, value: 21 })).toMatchObject({ why: 'value_needed' });
    expect(judgeFlip(ready, { name, open: true, value: 3 })).toBeUndefined();
    const set = ready.map((state) => (state.name === name ? { ...state, open: true, value: 3 } : state));
    expect(judgeFlip(set, { name, open: true, value: 3 })).toEqual({ why: 'no_change' });
    expect(judgeFlip(set, { name, open: true, value: 2 })).toBeUndefined();
  });
});
