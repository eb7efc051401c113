import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// As anybody would call it, so that what the command says is proved as well. Nothing in it depends on how fast it is, so it
// leaves the machine to the tests with real processes and real leases that run beside it.

const sim = async (...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> => {
  const run = promisify(execFile)(process.execPath, ['test/simulation/sim.ts', ...args], {
    maxBuffer: 2 ** 26,
  });
  setPriority(run.child.pid ?? 0, constants.priority.PRIORITY_LOW);
  try {
    return { code: 0, said: (await run).stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}\n${stderr}` };
  }
};

test('500 worlds break no promise, and everything that can happen happens in them', async () => {
  const { code, said } = await sim('--seeds', '500');
  expect(code === 0 ? '' : said).toBe('');
  expect(said).toMatch(/^500 histories, 20 of them twice/m);
});

test('a seed makes the same world again, byte for byte', async () => {
  const { code, said } = await sim('--seed', '7', '--log');
  expect(code === 0 ? '' : said).toBe('');
  expect(said).toMatch(/^digest [0-9a-f]{64}, twice$/m);
  expect(said.split('\n').length).toBeGreaterThan(30);
});

test('every planted bug is caught', async () => {
  const { code, said } = await sim('--zoo');
  expect(code === 0 ? '' : said).toBe('');
  expect(said).toMatch(/^(\d+) of \1 bugs were caught$/m);
});
