import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// One after the other and each in a process of its own, so that none inherits the memory of another.

const NAMES = [
  'startup',
  'pickup',
  'workers',
  'decision',
  'telegram',
  'throughput',
  'history',
  'audit',
  'long-past',
  'telemetry',
  'stages',
  'regression',
] as const;

let failed = 0;
let current: ChildProcess | undefined;
process.once('SIGTERM', () => {
  current?.kill('SIGTERM');
  process.exit(1);
});

for (const name of NAMES) {
  const began = performance.now();
  const file = join(import.meta.dirname, `${name}.ts`);
  current = spawn(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' });
  const [code] = (await once(current, 'exit')) as [number | null];
  const took = Math.round((performance.now() - began) / 1000);
  console.log(`${name}: ${code === 0 ? 'done' : 'FAILED'} in ${took} s\n`);
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
