import { describe, expect, test } from 'vitest';
import {
  type Flip,
  GATE_NAMES,
  type GateState,
  judgeFlip as judge,
} from '../../../src/core/jobs/feature-gates.ts';

const closed: readonly GateState[] = GATE_NAMES.map((name) => ({ name, open: false }));
const opened = (...names: readonly string[]): readonly GateState[] =>
  closed.map((state) => (names.includes(state.name) ? { ...state, open: true } : state));

const noon = 1_800_000_000_000;
const judgeFlip = (states: readonly GateState[], wanted: Pick<Flip, 'name' | 'open' | 'value'>) =>
  judge(states, { personId: 'ola', at: noon, ...wanted });

const SUBSTRATE = 'queue.job_substrate.enabled';
const RETRY = 'queue.retry.enabled';

describe('a gate', () => {
  test('refuses to open before those it depends on, and names them', () => {
    expect(judgeFlip(closed, { name: SUBSTRATE, open: true })).toEqual({ kind: 'flip' });
    expect(judgeFlip(closed, { name: RETRY, open: true })).toEqual({
      kind: 'refused',
      why: 'gate_needs_others',
      missing: [SUBSTRATE],
    });
    expect(judgeFlip(opened(SUBSTRATE), { name: RETRY, open: true })).toEqual({ kind: 'flip' });
  });

  test('can always be closed: that is the way back', () =>
    expect(judgeFlip(opened(SUBSTRATE, RETRY), { name: SUBSTRATE, open: false })).toEqual({ kind: 'flip' }));

  test('that is as wished already is no news', () => {
    expect(judgeFlip(opened(SUBSTRATE), { name: SUBSTRATE, open: true })).toEqual({
      kind: 'refused',
      why: 'no_change',
    });
    expect(judgeFlip(closed, { name: SUBSTRATE, open: false })).toEqual({
      kind: 'refused',
      why: 'no_change',
    });
  });

  test('that stands for a number needs one, and takes another one while it is open', () => {
    const name = 'queue.retry.max_attempts.http';
    const ready = opened(SUBSTRATE, RETRY);
    expect(judgeFlip(ready, { name, open: true })).toEqual({
      kind: 'refused',
      why: 'value_needed',
      min: 1,
      max: 20,
    });
    expect(judgeFlip(ready, { name, open: true, value: 21 })).toMatchObject({ why: 'value_needed' });
    expect(judgeFlip(ready, { name, open: true, value: 3 })).toEqual({ kind: 'propose' });
    const set = ready.map((state) => (state.name === name ? { ...state, open: true, value: 3 } : state));
    expect(judgeFlip(set, { name, open: true, value: 3 })).toEqual({ kind: 'refused', why: 'no_change' });
    expect(judgeFlip(set, { name, open: true, value: 2 })).toEqual({ kind: 'propose' });
  });

  test('that stands for a number takes two owners who want the same one within a day', () => {
    const name = 'queue.retry.max_attempts.http';
    const proposed = { value: 3, personId: 'ola', by: 'user:dev:ola', at: noon };
    const states = opened(SUBSTRATE, RETRY).map((state) =>
      state.name === name ? { ...state, proposed } : state,
    );
    const by = (personId: string, value: number, at = noon + 1) =>
      judge(states, { name, open: true, value, personId, at }).kind;
    expect(by('ola', 3)).toBe('refused');
    expect(by('pia', 3)).toBe('flip');
    expect(by('pia', 4)).toBe('propose');
    expect(by('ola', 4)).toBe('propose');
    expect(by('pia', 3, noon + 24 * 60 * 60_000)).toBe('flip');
    expect(by('pia', 3, noon + 24 * 60 * 60_000 + 1)).toBe('propose');
  });
});
