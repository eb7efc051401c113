import { Worker } from 'node:worker_threads';
import type { Call, Reply, Rival } from './rival.ts';

export type Hired = Rival & AsyncDisposable;

/** Starts a rival on the database and waits until it is ready. */
export const hireRival = async (url: string): Promise<Hired> => {
  const thread = new Worker(new URL('./rival.ts', import.meta.url), { workerData: { url } });
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let calls = 0;
  const answer = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => open.set(id, { resolve, reject }));
  thread.on('message', (reply: Reply) => {
    const waiting = open.get(reply.id);
    open.delete(reply.id);
    if ('error' in reply) waiting?.reject(reply.error);
    else waiting?.resolve(reply.value);
  });
  thread.on('error', (error) => {
    for (const waiting of open.values()) waiting.reject(error);
  });
  await answer(0);
  const call =
    <M extends keyof Rival>(method: M) =>
    (...args: readonly (string | number)[]): ReturnType<Rival[M]> => {
      calls += 1;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      thread.postMessage({ id: calls, method, args } satisfies Call);
      // The other side answers with what the method of that name gives.
      return answer(calls) as ReturnType<Rival[M]>;
    };
  const close = call('close');
  return {
    setTime: call('setTime'),
    say: call('say'),
    keepHouse: call('keepHouse'),
    conflicts: call('conflicts'),
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
      await thread.terminate();
    },
  };
};
