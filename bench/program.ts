import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import manifest from '../package.json' with { type: 'json' };

const binary = resolve(import.meta.dirname, '../bin/textops.js');
/** What `npm start` says to Node. */
const flags = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));

export interface ProgramOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command?: 'start' | 'worker';
  /** Told every line of the log as it arrives; without it the log goes to a file, as it would under a supervisor. */
  readonly onLog?: (line: string, atMs: number) => void;
}

export interface Program {
  /** Where it listens; empty for a worker alone. */
  readonly url: string;
  readonly spawnedAtMs: number;
  rssMb(): Promise<number>;
  /** CPU time of all its threads so far, which the other work of the machine does not change. */
  cpuMs(): Promise<number>;
  /** SIGKILL, as the kernel or an impatient supervisor would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** The program as a user starts it: a process of its own, with nothing of our environment. */
export const startProgram = async (options: ProgramOptions): Promise<Program> => {
  const { folder, command = 'start', onLog } = options;
  const log = onLog === undefined ? openSync(join(folder, `${command}.log`), 'a') : 'pipe';
  const spawnedAtMs = performance.now();
  const child = spawn(process.execPath, [...flags, ...profilerOf(command), binary, command], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HTTP_PORT: '0', LOG_FORMAT: 'json', ...options.env },
    stdio: ['ignore', 'pipe', log],
  });
  if (typeof log === 'number') closeSync(log);
  accompany(child);
  if (child.stderr !== null && onLog !== undefined) {
    createInterface({ input: child.stderr }).on('line', (line) => onLog(line, performance.now()));
  }
  const url = await greeted(child, command);
  return {
    url,
    spawnedAtMs,
    rssMb: () => rssMb(child.pid),
    cpuMs: () => cpuMs(child.pid),
    kill: () => ended(child, 'SIGKILL'),
    stop: () => ended(child, 'SIGTERM'),
  };
};

const running = new Set<ChildProcess>();
// Whatever ends this process, none of ours stays behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Lets no child outlive this process. */
export const accompany = (child: ChildProcess): void => {
  running.add(child);
  child.once('exit', () => running.delete(child));
};

// A signal alone would end this process without a word to the others.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** BENCH_PROFILE=FOLDER leaves a .cpuprofile of every program there. */
const profilerOf = (command: string): readonly string[] => {
  const folder = process.env['BENCH_PROFILE'];
  if (folder === undefined) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${command}-${Date.now()}.cpuprofile`];
};

/** The greeting is printed once the doors are open. */
const greeted = async (child: ChildProcess, command: string): Promise<string> => {
  if (child.stdout === null) throw new Error('the program has no output to read');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (command === 'worker') return '';
    if (url !== undefined) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`textops ${command} ended before it was ready`);
};

const cpuMs = async (pid: number | undefined): Promise<number> => {
  const threads = await readdir(`/proc/${pid}/task`);
  const spent = await Promise.all(
    threads.map(async (thread) => {
      // A thread that ended between the two looks is missed; the program has the same ones all the time.
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      return Number(text.split(' ')[0]);
    }),
  );
  return spent.reduce((sum, ns) => sum + ns, 0) / 1_000_000;
};

export const rssMb = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
};

/** Sends the signal and waits for the end; a process that is gone already is fine. */
export const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
};

const folders = new Set<string>();
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of one's own with a catalog in it, gone when this process ends. */
export const freshFolder = async (catalog = ''): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'textops-bench-'));
  folders.add(folder);
  if (catalog !== '') await writeFile(join(folder, 'textops.yaml'), catalog);
  return folder;
};
