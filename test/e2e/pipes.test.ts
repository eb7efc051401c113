import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freshFolder, until } from './program.ts';

const ENTRY = fileURLToPath(new URL('../../bin/textops.js', import.meta.url));

const spawned = (cwd: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [ENTRY, ...argv], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, gone: once(child, 'exit') };
};

// `textops start | head -3`, and whoever reads its log leaves as well.
test('a program whose readers leave works on, and stops in order', async () => {
  const { child, gone } = spawned(await freshFolder(), ['start'], { LOG_LEVEL: 'trace' });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const url = await until(() => /✔ http +(http:\/\/\S+)/.exec(output)?.[1], 20_000);
  child.stdout.destroy();
  child.stderr.destroy();
  for (const body of ['run demo', 'jobs', 'run demo']) {
    const response = await fetch(`${url}/dev/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'ana', conversation: 'ops', body }),
    });
    expect(response.status).toBe(200);
  }
  expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
});

test('a worker whose readers leave works on, and stops in order', async () => {
  const { child, gone } = spawned(await freshFolder(), ['worker'], { LOG_LEVEL: 'trace' });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  await until(() => output.includes('worker ·'), 20_000);
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
});

test('a command that only answers ends quietly when nobody reads the answer', async () => {
  const { child, gone } = spawned(await freshFolder(), ['config', 'schema']);
  let words = '';
  child.stderr.on('data', (chunk) => (words += String(chunk)));
  child.stdout.destroy();
  expect(await gone).toEqual([0, null]);
  expect(words).toBe('');
});
