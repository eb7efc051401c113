import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { freshFolder, say, startProgram } from './program.ts';

const ENTRY = fileURLToPath(new URL('../../bin/textops.js', import.meta.url));

test('a start on a port that is taken ends with one sentence and touches no run', async () => {
  const folder = await freshFolder('jobs:\n  long: { command: ["sleep", "5"] }\n');
  const first = await startProgram(folder, { WORKER: 'separate' });
  const { runId } = await say(first, 'run long');
  await say(first, `yes ${runId ?? ''}`);
  expect(await first.stop()).toBe(0);

  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  // A server that listens on a port has an address with a port.
  const { port } = other.address() as AddressInfo;
  const env = { PATH: process.env.PATH ?? '', HTTP_PORT: String(port) };
  const second = spawn(process.execPath, [ENTRY, 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  second.stderr.on('data', (chunk) => (said += String(chunk)));
  const [code] = await once(second, 'exit');
  expect(code).toBe(1);
  expect(said.trim().split('\n')).toEqual([
    expect.stringContaining(String(port)),
    'npx textops doctor looks further.',
  ]);
  expect(said).toContain(String(port));

  const store = await openStore({ url: `file:${folder}/data/textops.db` });
  onTestFinished(() => store.close());
  const run = (await store.runs.find([runId ?? ''])).get(runId ?? '');
  expect(run?.state.status).toBe('Dispatching');
});
