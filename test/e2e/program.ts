import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { faultsOfLogIn } from '../log-lines.ts';

const ENTRY = fileURLToPath(new URL('../../bin/textops.js', import.meta.url));

/** Takes what has to be undone; by default the end of the test does it. */
export type CleanUp = (undo: () => void | Promise<void>) => void;

/** A folder of its own for one installation: database, log and, when given, its textops.yaml. */
export const freshFolder = async (yaml?: string, cleanUp: CleanUp = onTestFinished): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-'));
  cleanUp(() => rm(folder, { recursive: true, force: true }));
  if (yaml !== undefined) await writeFile(join(folder, 'textops.yaml'), yaml);
  return folder;
};

export interface Program {
  /** Where it serves HTTP. */
  readonly url: string;
  readonly output: () => string;
  /** SIGSTOP, and SIGCONT: it stands still in the middle of whatever it does, and does not know it afterwards. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** SIGKILL, and waits until the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and the exit code once it is gone. */
  readonly stop: () => Promise<number | null>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The exit code, once it is gone. */
  readonly ended: () => Promise<number | null>;
}

/** The real program in a process of its own, ready once it has printed where it listens. */
export const startProgram = async (
  folder: string,
  env: Readonly<Record<string, string>> = {},
  command = 'start',
  cleanUp: CleanUp = onTestFinished,
  flags: readonly string[] = [],
): Promise<Program> => {
  const child = spawn(process.execPath, [ENTRY, command, ...flags], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  cleanUp(async () => {
    child.kill('SIGKILL');
    await gone;
    expect(await faultsOfLogIn(folder)).toEqual([]);
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const listening = until(() => {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${output}`);
    return command === 'start'
      ? /✔ http +(http:\/\/\S+)/.exec(output)?.[1]
      : output.includes('worker ·')
        ? 'none'
        : undefined;
  }, 60_000);
  const url = await listening.catch((error: unknown) => {
    throw new Error(`the program did not begin (${String(error)}), and said:\n${output}`, { cause: error });
  });
  return {
    url,
    output: () => output,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => end(child, 'SIGKILL', gone).then(() => undefined),
    stop: () => end(child, 'SIGTERM', gone),
    signal: (name) => void child.kill(name),
    ended: () => gone.then(() => child.exitCode),
  };
};

const end = async (child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM', gone: Promise<unknown>) => {
  child.kill(signal);
  await gone;
  return child.exitCode;
};

/** The first value that is there; looks every 20 ms and gives up with what it was waiting for. */
export const until = async <T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs: number,
): Promise<T> => {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`nothing after ${deadlineMs} ms: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

export interface DevAnswer {
  readonly intentType: string;
  readonly jobKey: string | null;
  readonly runId: string | null;
  readonly dispatchedExecution: boolean;
  readonly outbound: readonly { readonly body: string; readonly idempotencyKey: string }[];
}

/** Says something on the dev door. */
export const say = async (program: Program, body: string, more: object = {}): Promise<DevAnswer> => {
  const response = await fetch(`${program.url}/dev/inbound`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'ana', conversation: 'ops', body, ...more }),
  });
  // The shape is the contract that these tests hold the door to.
  return (await response.json()) as DevAnswer;
};

export interface RunAnswer {
  readonly run: { readonly runId: string; readonly status: string; readonly summary: string | null };
  readonly events: readonly { readonly type: string; readonly actor: string; readonly seq: number }[];
}

export const showRun = async (program: Program, runId: string): Promise<RunAnswer> => {
  const response = await fetch(`${program.url}/runs/${runId}`);
  return (await response.json()) as RunAnswer;
};

/** The run once it has the status. */
export const runThatIs = (program: Program, runId: string, status: string): Promise<RunAnswer> =>
  until(async () => {
    const answer = await showRun(program, runId);
    return answer.run.status === status && answer;
  }, 20_000);
