import { describe, expect, test } from 'vitest';
import { type Heartbeat, hintOf, missing, sortSilence } from '../../../src/core/runs/heartbeat.ts';

const worker = (over: Partial<Heartbeat> = {}): Heartbeat => ({
  name: 'w1',
  kind: 'worker',
  slots: 4,
  beatAt: 0,
  everyMs: 5000,
  silentMs: 30_000,
  place: '',
  registeredAt: 0,
  ...over,
});
const loop = (name: string, over: Partial<Heartbeat> = {}): Heartbeat =>
  worker({ name, kind: 'loop', slots: 0, everyMs: 10_000, silentMs: 300_000, ...over });

const namesOf = (beats: readonly Heartbeat[]) => beats.map(({ name }) => name);

describe('a heartbeat', () => {
  test.each([
    [15_000, 'fresh'],
    [15_001, 'late'],
    [30_000, 'late'],
    [30_001, 'silent'],
  ] as const)('of a worker after %i ms is %s', (ms, hint) => expect(hintOf(worker(), ms)).toBe(hint));

  test('of a loop may stay away for five minutes', () => {
    expect(hintOf(loop('sender@a'), 300_000)).toBe('late');
    expect(hintOf(loop('sender@a'), 300_001)).toBe('silent');
  });
});

describe('silence', () => {
  test('is told once', () => {
    expect(namesOf(sortSilence([worker()], 30_001).tell)).toEqual(['w1']);
    expect(sortSilence([worker({ silentAt: 30_001 })], 60_000)).toEqual({ tell: [], forget: [] });
  });

  test('of a loop is no news while another process does its work', () => {
    const fresh = loop('sender@b', { beatAt: 300_000 });
    const { tell, forget } = sortSilence([loop('sender@a'), loop('inbox pump@a'), fresh], 300_001);
    expect([namesOf(tell), namesOf(forget)]).toEqual([['inbox pump@a'], ['sender@a']]);
  });

  test('of a worker is told even when others are alive', () =>
    expect(namesOf(sortSilence([worker(), worker({ name: 'w2', beatAt: 30_000 })], 30_001).tell)).toEqual([
      'w1',
    ]));

  test('that lasts a day is forgotten', () =>
    expect(namesOf(sortSilence([worker({ silentAt: 1 })], 86_400_001).forget)).toEqual(['w1']));

  test('counts until a newer worker has come', () => {
    const silent = worker({ silentAt: 30_001 });
    expect(namesOf(missing([silent, worker({ name: 'old', beatAt: 60_000 })]))).toEqual(['w1']);
    expect(
      missing([silent, worker({ name: 'new', beatAt: 60_000, place: '', registeredAt: 50_000 })]),
    ).toEqual([]);
  });
});
