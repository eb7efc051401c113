import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { broughtAt, type Entry, lastGood, note, readLedger } from '../../src/cli/deploy/ledger.ts';

const noon = Date.UTC(2026, 10, 20, 12);

const entry = (minute: number, to: string, result: Entry['result'] = 'healthy'): Entry => ({
  at: new Date(noon + minute * 60_000).toISOString(),
  who: 'ana',
  action: 'deploy',
  from: null,
  to,
  result,
  reason: null,
  seconds: 1,
  configHash: null,
});

const good = (current: string, minute: number, ...entries: readonly Entry[]) =>
  lastGood(entries, current, noon + minute * 60_000);

test('a rollback goes to the release that stood last, not to the newest one', () => {
  expect(good('C', 60, entry(0, 'A'), entry(30, 'B'), entry(50, 'C'))).toBe('B');
  // B passed its gate, and was left after five minutes.
  expect(good('C', 60, entry(0, 'A'), entry(30, 'B'), entry(35, 'C'))).toBe('A');
});

test('what did not serve is no place to go', () => {
  expect(good('C', 60, entry(0, 'A'), entry(30, 'B', 'returned'), entry(50, 'C'))).toBe('A');
  expect(good('A', 60, entry(0, 'A'), entry(30, 'B', 'refused'), entry(50, 'C', 'failed'))).toBeUndefined();
});

test('without one that stood, the last one that passed its gate has to do', () => {
  expect(good('C', 4, entry(0, 'A'), entry(1, 'B'), entry(2, 'C'))).toBe('B');
});

test('going back and forth ends at the same two', () => {
  const there = [entry(0, 'A'), entry(30, 'B'), entry(60, 'A')];
  expect(good('A', 90, ...there)).toBe('B');
  expect(good('B', 120, ...there, entry(90, 'B'))).toBe('A');
});

test('an installation that was cut off after a switch that is in no ledger goes back to what stood', () => {
  expect(good('B', 60, entry(0, 'A'))).toBe('A');
  expect(good('A', 60)).toBeUndefined();
});

/** It leaves `from` after this. */
const leaves = (
  minute: number,
  from: string,
  to: string,
  stood: Entry['stood'],
  more: Partial<Entry> = {},
): Entry => ({
  ...entry(minute, to),
  from,
  ...(stood === undefined ? {} : { stood }),
  ...more,
});

test('what pages in its first ten minutes speaks against a release for as long as there is another one', () => {
  const there = [entry(0, 'A'), leaves(60, 'A', 'B', 'known_good'), leaves(120, 'B', 'C', 'in_trouble')];
  expect(good('C', 180, ...there)).toBe('A');
  // Without any that is known to be good: one that was only left early, and only then one that was in trouble.
  const bad = [entry(0, 'A'), leaves(3, 'A', 'B', 'too_short'), leaves(60, 'B', 'C', 'in_trouble')];
  expect(good('C', 180, ...bad)).toBe('A');
  expect(good('C', 180, entry(0, 'B'), leaves(60, 'B', 'C', 'in_trouble'))).toBe('B');
});

test('a release that was left again at once is still what it was before', () => {
  const there = [
    entry(0, 'A'),
    leaves(60, 'A', 'B', 'known_good'),
    leaves(120, 'B', 'A', 'known_good', { action: 'rollback' }),
    leaves(122, 'A', 'C', 'too_short'),
  ];
  expect(good('C', 180, ...there)).toBe('A');
  // Its newest verdict counts.
  expect(good('C', 180, ...there.slice(0, 3), leaves(122, 'A', 'C', 'in_trouble'))).toBe('B');
});

test('a release has been there since it was deployed, or came back, last', () => {
  const there = [
    entry(0, 'A'),
    entry(10, 'B', 'refused'),
    leaves(20, 'A', 'B', 'known_good', { result: 'returned' }),
  ];
  const moment = (minute: number): string => new Date(noon + minute * 60_000).toISOString();
  expect(broughtAt(there, 'A')).toBe(moment(20));
  expect(broughtAt(there.slice(0, 2), 'A')).toBe(moment(0));
  expect(broughtAt([...there, leaves(30, 'A', 'A', undefined, { action: 'config' })], 'A')).toBe(moment(20));
  expect(broughtAt(there, 'B')).toBeUndefined();
});

test('a configuration that was put back is no release to go back to', () => {
  const config = leaves(70, 'B', 'B', undefined, { action: 'config' });
  expect(good('B', 90, entry(0, 'A'), entry(60, 'B'), config)).toBe('A');
});

test('a line that was cut off is no entry', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-ledger-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'ledger.jsonl');
  expect(await readLedger(file)).toEqual([]);
  await note(file, entry(0, 'A'));
  const whole = JSON.stringify(entry(0, 'A'));
  await writeFile(file, `${whole}\n${whole.slice(0, 40)}`);
  expect(await readLedger(file)).toEqual([entry(0, 'A')]);
});
