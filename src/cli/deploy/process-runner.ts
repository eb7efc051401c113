import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readEntry } from '../../worker/process/process-table.ts';
import { ownerOf } from './owner.ts';
import type { Place } from './place.ts';
import type { Runner } from './runner.ts';

/** A process of our own, in the background: for a machine without systemd, and to try out a deployment. Nobody starts it again. */
export const processRunner = (place: Place): Runner => {
  const file = join(place.prefix, 'process.json');
  const log = join(place.prefix, 'process.log');
  return {
    kind: 'process',
    start: async () => {
      const out = openSync(log, 'a', 0o640);
      try {
        const child = spawn(process.execPath, [...FLAGS, join(place.current, 'bin', 'textops.js'), 'start'], {
          cwd: place.shared,
          ...ownerOf(place.shared),
          detached: true,
          stdio: ['ignore', out, out],
        });
        await once(child, 'spawn');
        const own: Running = { pid: child.pid ?? 0, start: readEntry(child.pid ?? 0)?.start ?? '' };
        writeFileSync(file, JSON.stringify(own));
        child.unref();
      } finally {
        closeSync(out);
      }
    },
    stop: async () => {
      const running = read(file);
      if (running !== undefined && isAlive(running)) await end(running);
      rmSync(file, { force: true });
    },
    isAlive: () => {
      const running = read(file);
      return Promise.resolve(running !== undefined && isAlive(running));
    },
    lines: (count) =>
      Promise.resolve(existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count) : []),
  };
};

/** As npm start does. */
const FLAGS = ['--max-semi-space-size=8'];

const Running = z.object({ pid: z.number(), start: z.string() });
type Running = z.output<typeof Running>;

const read = (file: string): Running | undefined => {
  try {
    return Running.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
};

/** The number of a process is used again; the moment of its start tells it from its successor. */
const isAlive = ({ pid, start }: Running): boolean => {
  const entry = readEntry(pid);
  return entry !== undefined && entry.start === start && entry.state !== 'Z' && entry.state !== 'X';
};

/** It hands back what it can within 25 seconds. */
const END_MS_MAX = 30_000;

const end = async (running: Running): Promise<void> => {
  process.kill(running.pid, 'SIGTERM');
  const deadline = performance.now() + END_MS_MAX;
  while (isAlive(running)) {
    if (performance.now() > deadline) process.kill(running.pid, 'SIGKILL');
    await sleep(20);
  }
};
