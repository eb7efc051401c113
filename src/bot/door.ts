import type { InboundSink } from '../core/ports/channel.ts';

/** The way in of a channel whose provider calls us: closed before the start and after the end. */
export interface Door {
  readonly opens: (sink: InboundSink) => void;
  /** Resolves when whatever went through is stored. */
  readonly closes: () => Promise<void>;
  /** Undefined while it is closed. */
  readonly sink: () => InboundSink | undefined;
  /** Counts what is stored beside the inbox as gone through. */
  readonly through: (stored: Promise<void>) => Promise<void>;
}

/** `onStored` hears of every batch whether the store failed to take it. */
export const createDoor = (onStored: (failed: boolean) => void): Door => {
  let open: InboundSink | undefined;
  const underWay = new Set<Promise<void>>();
  const watched = async (stored: Promise<void>): Promise<void> => {
    try {
      await stored;
      onStored(false);
    } catch (error) {
      onStored(true);
      throw error;
    }
  };
  const through = (stored: Promise<void>): Promise<void> => {
    const done = watched(stored).finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  };
  return {
    opens: (sink) => {
      open = (batch) => through(sink(batch));
    },
    closes: async () => {
      open = undefined;
      await Promise.allSettled(underWay);
    },
    sink: () => open,
    through,
  };
};
