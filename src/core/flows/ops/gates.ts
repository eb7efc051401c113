import type { StartWindow } from '../../jobs/job.ts';
import { windowOpen, windowWords } from '../../jobs/window.ts';
import type { Store } from '../../ports/store.ts';
import type { Gate } from '../../runs/command.ts';
import type { Freeze } from '../../runs/freeze.ts';
import type { Facts } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Instant } from '../../time/instant.ts';

export interface GateRooms {
  readonly store: Pick<Store, 'now' | 'freeze'> & {
    readonly reader: Pick<Store['reader'], 'figures'>;
    readonly catalog: Pick<Store['catalog'], 'version'>;
  };
}

/**
 * What has to hold before a heavy run starts, by the version that it was asked for with; what does not is said in words
 * that name the remedy.
 */
export const gatesFor =
  (rooms: GateRooms, leaseMs: number) =>
  async (run: Pick<Facts, 'jobKey' | 'jobVersion'>): Promise<readonly Gate[]> => {
    const { store } = rooms;
    const at = await store.now();
    const [job, { workers }, freeze] = await Promise.all([
      store.catalog.version(run.jobKey, run.jobVersion),
      store.reader.figures(at),
      store.freeze.current(),
    ]);
    const window = job?.spec.window;
    const windows = window === undefined ? [] : [windowGate(window, at)];
    return [freezeGate(freeze), ...windows, workerGate(workers, leaseMs)];
  };

const windowGate = (window: StartWindow, at: Instant): Gate => {
  const words = `window ${windowWords(window)}`;
  return windowOpen(window, at)
    ? { name: 'window', met: true, words }
    : { name: 'window', met: false, words, remedy: 'opens by itself; an owner can change the job' };
};

export const freezeGate = (freeze: Pick<Freeze, 'by'> | undefined): Gate =>
  freeze === undefined
    ? { name: 'freeze', met: true, words: 'freeze off' }
    : { name: 'freeze', met: false, words: 'freeze ON', remedy: `set by ${freeze.by}; /unfreeze` };

type Workers = Awaited<ReturnType<GateRooms['store']['reader']['figures']>>['workers'];

/** Workers beat six times per lease; three missed beats, and half a minute at least, mean that nobody is there. */
const workerGate = (workers: Workers, leaseMs: number): Gate => {
  const [newest] = workers.toSorted((a, b) => a.beatMsAgo - b.beatMsAgo);
  if (newest === undefined) return { name: 'worker', met: false, words: 'no worker is running', remedy };
  const { workerId, beatMsAgo } = newest;
  if (beatMsAgo <= Math.max(SILENT_MS, leaseMs / 2)) {
    return { name: 'worker', met: true, words: `worker ${workerId} alive` };
  }
  return {
    name: 'worker',
    met: false,
    words: `worker ${workerId} silent for ${formatDuration(beatMsAgo)}`,
    remedy,
  };
};

const remedy = 'whoever has the host starts one: textops worker';

const SILENT_MS = 30_000;
