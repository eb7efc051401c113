import { parentPort, workerData } from 'node:worker_threads';
import { type Misreading, plantInto } from '../planting.ts';

// One thread plays one world after the other: the clocks that a world replaces are those of its thread.

export interface ThreadData {
  /** The mistakes to plant before anything of the program is loaded. */
  readonly misreadings: readonly Misreading[];
  /** Lines of the log to keep when a law is broken. */
  readonly tail: number;
}

export interface Task {
  readonly seed: number;
  /** Also without a broken law. */
  readonly withLog?: true;
}

if (parentPort === null) throw new Error('this file is the inside of a thread');
const port = parentPort;
const { misreadings, tail } = workerData as ThreadData;
plantInto(misreadings);

// Only now, so that what is planted is in what is loaded.
const { play } = await import('./history.ts');
const { emptyDatabase } = await import('./world/database.ts');

const image = await emptyDatabase();
const answer = async ({ seed, withLog }: Task): Promise<void> => {
  const history = await play({ seed, image, tail: withLog === undefined ? tail : Infinity });
  const isQuiet = history.violation === undefined && withLog === undefined;
  port.postMessage(isQuiet ? { ...history, tail: [] } : history);
};
// A world that breaks down ends the thread, and whoever waits for it hears why.
port.on('message', (task: Task) => void answer(task));
