import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, test, vi } from 'vitest';
import { isAlive, until } from '../workbench.ts';
import {
  argumentsOf,
  CLINGING,
  CLINGING_COUNT,
  HIDING,
  levels,
  newSeconds,
  processesWith,
} from './guarded.ts';

vi.setConfig({ testTimeout: 60_000 });

const ROUNDS = 10;
const GONE_MS = 2000;

/** Starts a worker with one job and waits until the job is up. */
const workerWith = async (level: string, script: string) => {
  const seconds = newSeconds();
  const path = new URL('./worker.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [path, level, script, seconds], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  const mark = await next();
  expect(await next()).toBe('up');
  const pid = Number(child.pid);
  const job = () => processesWith(seconds).filter((one) => one !== pid);
  /** Guardians and namespaces of this worker. */
  const guards = () => processesWith(mark);
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  return { pid, seconds, job, guards, kill, next };
};

const leavesNothing = async (level: string) => {
  const hold = level === 'namespace';
  const worker = await workerWith(level, hold ? HIDING : CLINGING);
  await until('the whole job is there', () => worker.job().length >= CLINGING_COUNT + (hold ? 1 : 0));
  expect(worker.guards()).not.toEqual([]);
  await worker.kill();
  const all = () => [...worker.job(), ...worker.guards()];
  await until(`nobody is left of ${all().join(' ')}`, () => all().length === 0, GONE_MS);
};

describe.each(levels.filter(({ level }) => level !== 'group'))(
  'a killed worker, $level',
  ({ level, lacks }) => {
    test(`${ROUNDS} times nothing of its job is left after ${GONE_MS} ms`, async (context) => {
      if (lacks !== undefined) return context.skip(lacks);
      for (let round = 0; round < ROUNDS; round += 2) {
        await Promise.all([leavesNothing(level), leavesNothing(level)]);
      }
    });

    test('a worker that is stopped is not dead', async (context) => {
      if (lacks !== undefined) return context.skip(lacks);
      const ticks = 'n=0; while [ $n -lt 8 ]; do n=$((n+1)); sleep 0.05; done; exec sleep "$0"';
      const worker = await workerWith(level, `echo '::progress up'; ${ticks}`);
      process.kill(worker.pid, 'SIGSTOP');
      // The job goes on through its ticks to its last program while nobody looks after it.
      const last = () => processesWith(`sleep\0${worker.seconds}`);
      await until('the job has come to its end', () => last().length > 0);
      for (const pid of last()) process.kill(pid, 'SIGTERM');
      process.kill(worker.pid, 'SIGCONT');
      expect(await worker.next()).toBe('failed');
      await until('the worker and its guards are gone', () => worker.guards().length === 0);
      expect(isAlive(worker.pid)).toBe(false);
    });

    test('bystanders of any name live on', async (context) => {
      if (lacks !== undefined) return context.skip(lacks);
      const odd = `require('node:fs').writeFileSync('/proc/self/comm', 'a\\n) S 1'); setInterval(() => {}, 1000)`;
      const bystander = spawn(process.execPath, ['-e', odd], { stdio: 'ignore' });
      const name = () => readFileSync(`/proc/${Number(bystander.pid)}/comm`, 'utf8');
      await until('it has its name', () => name().includes('S 1'));
      const worker = await workerWith(level, CLINGING);
      await worker.kill();
      await until('nobody is left', () => worker.job().length + worker.guards().length === 0, GONE_MS);
      expect(bystander.signalCode).toBe(null);
      bystander.kill();
    });

    test('a job that has stopped itself dies too', async (context) => {
      if (lacks !== undefined) return context.skip(lacks);
      const worker = await workerWith(level, `echo '::progress up'; kill -STOP $$; sleep "$0"`);
      await worker.kill();
      const left = () => worker.job().length + worker.guards().length;
      await until('nobody is left', () => left() === 0, GONE_MS);
    });

    test('a guardian that is killed is replaced, and knows the job', async (context) => {
      if (lacks !== undefined) return context.skip(lacks);
      const worker = await workerWith(level, CLINGING);
      const guardians = () => worker.guards().filter((pid) => argumentsOf(pid).includes('textops-guardian'));
      const [first] = guardians();
      if (first === undefined) throw new Error('the worker has no guardian');
      process.kill(first, 'SIGKILL');
      await until('another one stands', () => guardians().some((pid) => pid !== first));
      expect(worker.job().length).toBeGreaterThanOrEqual(CLINGING_COUNT);
      await worker.kill();
      await until('nobody is left', () => worker.job().length + worker.guards().length === 0, GONE_MS);
    });
  },
);
