import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ChainRange } from '../core/flows/history/history-pages.ts';
import { type Walk, type Walked, walkRange } from '../core/flows/history/verify-history.ts';
import { ALPHABET } from '../core/text/grammar/crockford.ts';
import type { WalkThreadData } from './walk-thread.ts';

/** Fewer runs are walked over before a thread has begun. */
const RUNS_MIN = 5000;

/** Walks over a long history in several threads, each with a connection and a range of runs of its own. */
export const walkInThreads =
  (url: string, threads: number, runsMin = RUNS_MIN): Walk =>
  async (store) => {
    const few = (await store.history.rows('', runsMin)).length < runsMin;
    const ranges = split(few ? 1 : threads);
    const [whole] = ranges;
    return ranges.length === 1 && whole !== undefined
      ? [await walkRange(store, whole)]
      : Promise.all(ranges.map((range) => inThread({ url, range })));
  };

/** By the first letter of a run's id, which is drawn by lot, so that all ranges are about as long. */
const split = (count: number): readonly ChainRange[] =>
  Array.from({ length: count }, (_, index) => {
    const from = (at: number): string => ALPHABET[Math.floor((at * ALPHABET.length) / count)] ?? '';
    const after = index === 0 ? '' : from(index);
    return index === count - 1 ? { after } : { after, upTo: from(index + 1) };
  });

const inThread = (workerData: WalkThreadData): Promise<Walked> =>
  new Promise((resolve, reject) => {
    const file = new URL(`./walk-thread${extname(import.meta.filename)}`, import.meta.url);
    const thread = new Worker(file, { workerData });
    thread.once('message', resolve).once('error', reject);
    thread.once('exit', (code) => reject(new Error(`a thread that read the history ended with ${code}`)));
  });
