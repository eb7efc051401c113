import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A helper that lives exactly as long as this process holds the other end of its standard input. */
export interface PipeHeld {
  readonly pid: number;
  readonly isOpen: () => boolean;
  readonly tell: (line: string) => void;
  /** One line out, one word back; undefined when it does not answer in time. Ask one thing at a time. */
  readonly ask: (line: string, deadlineMs: number) => Promise<string | undefined>;
  readonly onExit: (listener: () => void) => void;
  /** Resolves when it has ended. */
  readonly close: () => Promise<void>;
}

/** Undefined when it cannot be started or does not say `up`. */
export const startPipeHeld = async (file: string, args: readonly string[]): Promise<PipeHeld | undefined> => {
  // A session of its own: what is typed at our terminal must not end it.
  const child = spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'], env: ENVIRONMENT });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { pid, stdin, stdout } = child;
  // A pipe that breaks has lost its reader; the exit tells so.
  stdin.on('error', () => undefined);
  if (pid === undefined) {
    await gone;
    return undefined;
  }
  const held = conversation(child, { stdin, stdout, pid, gone });
  if ((await held.ask('', START_MS)) === 'up') return held;
  await held.close();
  return undefined;
};

const START_MS = 3000;
const CLOSE_MS = 1000;
const KILLED_MS = 5000;
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin' };

interface Started {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly gone: Promise<void>;
}

const conversation = (child: ChildProcess, { pid, stdin, stdout, gone }: Started): PipeHeld => {
  let open = true;
  let answer: ((word: string | undefined) => void) | undefined;
  const say = (word: string | undefined) => {
    const waiting = answer;
    answer = undefined;
    waiting?.(word);
  };
  stdout.on('data', (chunk: Uint8Array) => say(Buffer.from(chunk).toString('latin1').trim()));
  const ending = async () => {
    await gone;
    open = false;
    say(undefined);
  };
  const shut = ending();
  const hold = (held: boolean) => {
    for (const handle of [child, stdin, stdout]) keepAlive(handle, held);
  };
  const until = async <T>(promise: Promise<T>, deadlineMs: number): Promise<T | undefined> => {
    hold(true);
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), deadlineMs);
    const result = await Promise.race([promise, late]);
    clearTimeout(timer);
    hold(false);
    return result;
  };
  return {
    pid,
    isOpen: () => open,
    tell: (line) => void stdin.write(`${line}\n`),
    ask: (line, deadlineMs) => {
      if (!open) return Promise.resolve(undefined);
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      answer = resolve;
      if (line !== '') stdin.write(`${line}\n`);
      return until(promise, deadlineMs);
    },
    onExit: (listener) => void shut.then(listener),
    close: async () => {
      stdin.end();
      await until(shut, CLOSE_MS);
      if (open) child.kill('SIGKILL');
      await until(shut, KILLED_MS);
    },
  };
};

/** Whether it alone keeps this program from ending. Pipes are sockets and know it too; their types do not tell. */
const keepAlive = (handle: object, held: boolean): void => {
  const method: unknown = Reflect.get(handle, held ? 'ref' : 'unref');
  if (typeof method === 'function') Reflect.apply(method, handle, []);
};
