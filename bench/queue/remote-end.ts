import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accompany, ended, rssMb } from '../program.ts';
import type { EndCommands } from './end-process.ts';

export interface RemoteEnd {
  call<C extends keyof EndCommands>(
    command: C,
    params: Parameters<EndCommands[C]>[0],
  ): Promise<Awaited<ReturnType<EndCommands[C]>>>;
  /** The first event of that name, also when it came before anybody asked. */
  first<T>(event: string): Promise<T>;
  on(listener: (event: string, value: unknown) => void): void;
  rssMb(): Promise<number>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface EndOptions {
  /** The file of the module. */
  readonly file: string;
  readonly url: string;
  readonly tuning: string;
  /** Where its own words go. */
  readonly folder: string;
}

/** Starts one end of a queue in a process of its own and waits until it is open. */
export const startEnd = async ({ file, url, tuning, folder }: EndOptions): Promise<RemoteEnd> => {
  const log = openSync(join(folder, 'end.log'), 'a');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'end-process.ts'), file, url, tuning], {
    stdio: ['ignore', log, log, 'ipc'],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  });
  return remote(child, `${file} ${tuning}`, join(folder, 'end.log'));
};

type Answer =
  | { readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly event: string; readonly value: unknown };

const remote = async (child: ChildProcess, name: string, log: string): Promise<RemoteEnd> => {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  const events = new Map<string, PromiseWithResolvers<unknown>>();
  const listeners = new Set<(event: string, value: unknown) => void>();
  const eventOf = (event: string): PromiseWithResolvers<unknown> => {
    const known = events.get(event) ?? Promise.withResolvers();
    events.set(event, known);
    // Whoever asks later hears of it; nobody has to.
    known.promise.catch(() => undefined);
    return known;
  };
  let gone: Error | undefined;
  accompany(child);
  child.on('message', (answer: Answer) => {
    if ('event' in answer) {
      eventOf(answer.event).resolve(answer.value);
      for (const listener of listeners) listener(answer.event, answer.value);
      return;
    }
    const asked = pending.get(answer.id);
    pending.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(`${name}: ${answer.error}`));
  });
  child.once('exit', (code, signal) => {
    // The folder of its log does not outlive this process.
    gone = new Error(`${name} ended with ${code ?? signal}: ${readFileSync(log, 'utf8').slice(-2000)}`);
    for (const one of [...pending.values(), ...events.values()]) one.reject(gone);
  });
  let asked = 0;
  const end: RemoteEnd = {
    call: (command, params) => {
      if (gone !== undefined) return Promise.reject(gone);
      const answer = Promise.withResolvers<unknown>();
      asked += 1;
      pending.set(asked, answer);
      child.send({ id: asked, command, params }, (error) => {
        if (error !== null) answer.reject(error);
      });
      // The other side runs exactly this command; its answer travels as plain data.
      return answer.promise as never;
    },
    first: <T>(event: string) => eventOf(event).promise as Promise<T>,
    on: (listener) => {
      listeners.add(listener);
    },
    rssMb: () => rssMb(child.pid),
    kill: () => ended(child, 'SIGKILL'),
    close: () => ended(child, 'SIGKILL'),
  };
  await end.first('ready');
  return end;
};
