import { expect, test } from 'vitest';
import { baseOf, ratioOf, slowerOf } from '../../bench/compare.ts';

test('a stage that takes more than a tenth longer is named, and one that could not be measured', () => {
  const compared = [
    { stage: 'parse', ratio: 0.8 },
    { stage: 'decide', ratio: 1.1 },
    { stage: 'card', ratio: 1.11 },
    { stage: 'commit', ratio: Number.NaN },
  ];
  expect(slowerOf(compared).map(({ stage }) => stage)).toEqual(['card', 'commit']);
});

test('turns that somebody disturbed do not count', () => {
  const quiet = [10, 10, 10, 10, 10, 10, 10, 10];
  const noisy = [10, 900, 10, 70, 80, 90, 100, 110];
  expect(ratioOf(noisy, quiet)).toBe(1);
  expect(
    ratioOf(
      quiet.map((one) => one * 1.33),
      quiet,
    ),
  ).toBeCloseTo(1.33);
});

test.each([
  ['a branch with where it began', { head: 'c', forks: ['a', 'b'], parent: 'b' }, 'a'],
  [
    'a branch of a clone without a remote with where it began here',
    { head: 'c', forks: [undefined, 'b'], parent: 'x' },
    'b',
  ],
  ['the main branch with the commit before', { head: 'c', forks: ['c', 'c'], parent: 'b' }, 'b'],
  [
    'what is pushed already, but not merged here, with where it began',
    { head: 'c', forks: ['c', 'a'], parent: 'b' },
    'a',
  ],
  ['a shallow clone with nothing', { head: 'c', forks: ['c', undefined], parent: undefined }, undefined],
  ['an archive with nothing', { head: undefined, forks: [undefined], parent: undefined }, undefined],
])('compares %s', (_, commits, base) => {
  expect(baseOf(commits)).toBe(base);
});
