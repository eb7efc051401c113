/** One message that the dev door has sent. */
export interface Outbound {
  /** Grows, across restarts as well. */
  readonly id: number;
  readonly body: string;
  readonly runId?: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface OutboundRing {
  add(address: string, message: Omit<Outbound, 'id' | 'at'>): void;
  after(address: string, afterId: number, signal: AbortSignal): Promise<readonly Outbound[]>;
}

const MESSAGES_MAX = 200;
const CONVERSATIONS_MAX = 1000;

/** The newest messages of the conversations that were told something last. */
export const outboundRing = (now: () => number): OutboundRing => {
  // A Map keeps the order of insertion: the conversation that has been silent longest comes first.
  const kept = new Map<string, readonly Outbound[]>();
  const waiting = new Map<string, Set<() => void>>();
  let lastId = 0;
  const newer = (address: string, afterId: number) =>
    (kept.get(address) ?? []).filter(({ id }) => id > afterId);
  return {
    add: (address, message) => {
      const at = now();
      // Beginning at the clock keeps ids growing over a restart, where a count would begin again.
      lastId = Math.max(lastId + 1, at);
      const messages = [...(kept.get(address) ?? []), { ...message, id: lastId, at }];
      kept.delete(address);
      kept.set(address, messages.slice(-MESSAGES_MAX));
      if (kept.size > CONVERSATIONS_MAX)
        for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest);
      for (const wake of waiting.get(address) ?? []) wake();
    },
    after: async (address, afterId, signal) => {
      const found = newer(address, afterId);
      if (found.length > 0 || signal.aborted) return found;
      await toldOrAborted(waiting, address, signal);
      return newer(address, afterId);
    },
  };
};

const toldOrAborted = (
  waiting: Map<string, Set<() => void>>,
  address: string,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve) => {
    const sleepers = waiting.get(address) ?? new Set();
    waiting.set(address, sleepers);
    const wake = (): void => {
      sleepers.delete(wake);
      if (sleepers.size === 0 && waiting.get(address) === sleepers) waiting.delete(address);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    sleepers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
