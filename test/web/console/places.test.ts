import { expect, test } from 'vitest';
import { places } from '../../../src/web/console/places.ts';

test('whoever comes when all places are taken gets that of whoever came first', () => {
  const house = places(2);
  const [first, second, third] = [house.take('bob'), house.take('bob'), house.take('bob')];
  expect([first, second, third].map(({ taken }) => taken.aborted)).toEqual([true, false, false]);
  house.take('bob');
  expect([second, third].map(({ taken }) => taken.aborted)).toEqual([true, false]);
});

test('a place that was left is free, and one that was lost is not left twice', () => {
  const house = places(2);
  const [first, second] = [house.take('bob'), house.take('bob')];
  second.leave();
  second.leave();
  const third = house.take('bob');
  expect(first.taken.aborted).toBe(false);
  house.take('bob');
  expect(first.taken.aborted).toBe(true);
  first.leave();
  expect(third.taken.aborted).toBe(false);
});

test('nobody takes the place of somebody else', () => {
  const house = places(1);
  const bob = house.take('bob');
  house.take('ana');
  house.take('cho');
  expect(bob.taken.aborted).toBe(false);
});
