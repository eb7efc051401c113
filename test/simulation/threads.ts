import { Worker } from 'node:worker_threads';
import type { History } from './history.ts';
import type { Task, ThreadData } from './thread.ts';

/** A thread that plays worlds, one at a time. */
export interface Player {
  readonly play: (task: Task) => Promise<History>;
  readonly end: () => Promise<void>;
}

export const newPlayer = (data: ThreadData): Player => {
  const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData: data });
  return {
    play: (task) =>
      new Promise((resolve, reject) => {
        const done = (history: History): void => {
          worker.off('error', failed);
          resolve(history);
        };
        const failed = (error: unknown): void => {
          worker.off('message', done);
          reject(new Error(`the world of seed ${task.seed} broke down`, { cause: error }));
        };
        worker.once('message', done);
        worker.once('error', failed);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        worker.postMessage(task);
      }),
    end: async () => void (await worker.terminate()),
  };
};

/** Plays all tasks on so many threads; `onHistory` says when it is enough. */
export const playAll = async (
  threads: number,
  tasks: readonly Task[],
  data: ThreadData,
  onHistory: (history: History) => 'go on' | 'enough',
): Promise<void> => {
  const left = [...tasks];
  const one = async (): Promise<void> => {
    const player = newPlayer(data);
    try {
      for (let task = left.shift(); task !== undefined; task = left.shift()) {
        if (onHistory(await player.play(task)) === 'enough') left.length = 0;
      }
    } finally {
      await player.end();
    }
  };
  await Promise.all(Array.from({ length: threads }, one));
};
