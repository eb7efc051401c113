import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Entry, lastGood, note, readLedger } from '../../src/cli/deploy/ledger.ts';

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
