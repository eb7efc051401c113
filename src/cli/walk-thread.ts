import { parentPort, workerData } from 'node:worker_threads';
import type { ChainRange } from '../core/flows/history/history-pages.ts';
import { walkRange } from '../core/flows/history/verify-history.ts';
import { openStore } from '../db/open.ts';

/** What one thread is told. */
export interface WalkThreadData {
  readonly url: string;
  readonly range: ChainRange;
}

// The inside of a thread of `walkInThreads`.
const { url, range } = workerData as WalkThreadData;
const store = await openStore({ url, migrate: false });
try {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(await walkRange(store, range));
} finally {
  await store.close();
}
