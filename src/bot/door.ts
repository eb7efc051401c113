import type { InboundSink } from '../core/ports/channel.ts';

/** The way in of a channel whose provider calls us: closed before the start and after the end. */
export interface Door {
  readonly opens: (sink: InboundSink) => void;
  /** Resolves when whatever went through is stored. */
  readonly closes: () => Promise<void>;
  /** Undefined while it is closed. */
  readonly sink: () => InboundSink | undefined;
}

export const createDoor = (): Door => {
  let open: InboundSink | undefined;
  const through = new Set<Promise<void>>();
  const pass =
    (sink: InboundSink): InboundSink =>
    (batch) => {
      const stored = sink(batch).finally(() => through.delete(stored));
      through.add(stored);
      return stored;
    };
  return {
    opens: (sink) => {
      open = pass(sink);
    },
    closes: async () => {
      open = undefined;
      await Promise.allSettled(through);
    },
    sink: () => open,
  };
};
