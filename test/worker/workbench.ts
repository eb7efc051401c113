import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, vi } from 'vitest';
import { type JobSpec, type Params, plainSpec } from '../../src/core/jobs/job.ts';
import type { ExecutionHooks, ExecutionProgress, ExecutionRequest } from '../../src/core/ports/executor.ts';

/** A folder of its own for one test file, with real scripts in it. */
export const workbench = async () => {
  // Real processes start slowly on a busy machine; every wait in these tests has a deadline of its own.
  vi.setConfig({ testTimeout: 30_000 });
  const folder = await mkdtemp(join(tmpdir(), 'textops-jobs-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  let count = 0;
  return {
    folder,
    path: (name: string) => join(folder, name),
    /** Writes a node script and returns its path. */
    script: async (source: string): Promise<string> => {
      count += 1;
      const path = join(folder, `job-${count}.mjs`);
      await writeFile(path, source);
      return path;
    },
  };
};

export const requestOf = (
  spec: Partial<JobSpec> & Pick<JobSpec, 'target'>,
  given: Partial<Omit<ExecutionRequest, 'job'>> = {},
): ExecutionRequest => ({
  runId: 'K7M2QX',
  epoch: 1,
  attempt: 1,
  params: {},
  idempotencyKey: 'K7M2QX:1',
  secrets: {},
  ...given,
  job: { key: 'backup', version: 1, source: 'file', spec: plainSpec({ title: 'Back up', ...spec }) },
});

/** A declared text parameter with nothing special about it. */
export const textParams = (params: Params): JobSpec['params'] =>
  Object.fromEntries(Object.keys(params).map((name) => [name, { type: 'string', required: false } as const]));

export const listening = () => {
  const abort = new AbortController();
  const progress: ExecutionProgress[] = [];
  const hooks: ExecutionHooks = { signal: abort.signal, onProgress: (step) => progress.push(step) };
  return { abort, progress, hooks };
};

/** Looks until it is so; fails after the deadline instead of hanging. */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>, deadlineMs = 10_000) => {
  const end = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`);
    await sleep(10);
  }
};

/** Neither gone nor a zombie that nobody has collected yet. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
};

/** What a script of node says to learn its own number as this machine counts: inside a PID namespace it has another. */
export const OWN_PID = `(process.platform === 'linux'
  ? process.getBuiltinModule('node:fs').readlinkSync('/proc/self') : String(process.pid))`;

/** The number that a job wrote into a file, once it is there. */
export const pidIn = async (path: string): Promise<number> => {
  const read = () => {
    try {
      return Number(readFileSync(path, 'utf8'));
    } catch {
      return 0;
    }
  };
  await until(`${path} holds a process id`, () => read() > 0);
  return read();
};

/** A text that contains this part, for use inside an expected object. */
export const textWith = (part: string | RegExp): unknown =>
  typeof part === 'string' ? expect.stringContaining(part) : expect.stringMatching(part);
