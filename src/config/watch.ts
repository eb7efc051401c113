import { watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface WatchOptions {
  readonly file: string;
  /** The text as the caller knows it; the first call comes when the file differs from it. */
  readonly text: string | undefined;
  /** Called with the new text, or undefined when the file is gone. Never called twice at once. */
  readonly onText: (text: string | undefined) => void | Promise<void>;
  /** Called when the file cannot be read or `onText` fails; watching goes on. */
  readonly onFault: (error: unknown) => void;
  readonly pollMs?: number;
  readonly settleMs?: number;
}

/**
 * Tells about every new text of a file. The folder is watched and not the file, because editors save by
 * renaming a new file into place; a look at size and time every second serves where the system reports
 * nothing (network disks).
 */
export const watchFile = (options: WatchOptions): { readonly stop: () => Promise<void> } => {
  const { file, pollMs = 1000, settleMs = 100 } = options;
  const stopping = new AbortController();
  let wake = new AbortController();
  const watcher = openWatcher(file, () => wake.abort());
  const ended = (async () => {
    let known: Known = { stamp: '', text: options.text };
    while (!stopping.signal.aborted) {
      await sleep(pollMs, AbortSignal.any([stopping.signal, wake.signal]));
      const nudged = wake.signal.aborted;
      wake = new AbortController();
      // An editor writes in several steps; the last of them is the one to read.
      if (nudged) await sleep(settleMs, stopping.signal);
      if (!stopping.signal.aborted)
        known = await lookAgain(options, known, () => sleep(settleMs, stopping.signal));
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      watcher?.close();
      await ended;
    },
  };
};

interface Known {
  readonly stamp: string;
  readonly text: string | undefined;
}

const lookAgain = async (
  options: WatchOptions,
  known: Known,
  settle: () => Promise<void>,
): Promise<Known> => {
  let stamp = await stampOf(options.file);
  if (stamp === MISSING && known.stamp !== MISSING) {
    // Between the two halves of an editor's rename there is no file for a moment.
    await settle();
    stamp = await stampOf(options.file);
  }
  if (stamp === known.stamp) return known;
  try {
    const text = await textOf(options.file);
    // Written while it was read: the text may be half of each, so it is read again at the next look.
    if ((await stampOf(options.file)) !== stamp) return known;
    if (text !== known.text) await options.onText(text);
    return { stamp, text };
  } catch (error) {
    // The stamp is kept, so that one fault is told once and not every second.
    options.onFault(error);
    return { stamp, text: known.text };
  }
};

const MISSING = 'missing';

const stampOf = async (file: string): Promise<string> => {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // Anything else becomes a fault when the text is read, a line later.
    return code === 'ENOENT' ? MISSING : `unreadable: ${code}`;
  }
};

const textOf = async (file: string): Promise<string | undefined> => unlessMissing(readFile(file, 'utf8'));

const unlessMissing = async <T>(reading: Promise<T>): Promise<T | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Undefined where nothing can be watched, for instance in a folder that does not exist; polling serves
 * alone then.
 */
const openWatcher = (file: string, onChange: () => void) => {
  const name = basename(file);
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_, changed) => {
      if (changed === null || changed === name) onChange();
    });
    // A watcher that dies (its folder was removed) leaves the polling.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
};

/** Ends early, and without complaint, when watching is stopped. */
const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
  await pause(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
