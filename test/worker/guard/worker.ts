import { type GuardLevel, WORKER_MARK } from '../../../src/worker/process/guard-level.ts';
import { runProcess } from '../../../src/worker/process/run-process.ts';

// A worker reduced to one job: node worker.ts LEVEL SCRIPT SECONDS. Prints its mark, then what the job reports.

const [, , level = '', script = '', seconds = ''] = process.argv;
const print = (line: string) => process.stdout.write(`${line}\n`);
print(WORKER_MARK);
const outcome = await runProcess(
  {
    file: '/bin/sh',
    args: ['-c', script, seconds],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdin: '',
    timeoutMs: 60_000,
    mark: seconds,
    // The test passes one of the names.
    guard: level as GuardLevel,
  },
  { signal: new AbortController().signal, onProgress: ({ text }) => print(text) },
);
print(outcome.kind);
