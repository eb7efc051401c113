export interface ProgressPace {
  /** Counted from the beginning of the job: one that ends sooner reports its result only. */
  readonly firstMs: number;
  /** Between two reports. */
  readonly everyMs: number;
}

export interface Reports<T> {
  offer(newest: T): void;
  /** What still waits is dropped, because the result says more; resolves when the report under way has ended. */
  close(): Promise<void>;
}

/** A job may print a thousand steps a second; the newest one every few seconds is enough for whoever watches. */
export const newestReports = <T>(
  pace: ProgressPace,
  clock: () => number,
  send: (newest: T) => Promise<void>,
): Reports<T> => {
  let dueAt = clock() + pace.firstMs;
  let newest: T | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  let closed = false;
  const report = (): void => {
    timer = undefined;
    if (newest === undefined) return;
    const progress = newest;
    newest = undefined;
    dueAt = clock() + pace.everyMs;
    sending = sending.then(() => (closed ? undefined : send(progress)));
  };
  return {
    offer: (progress) => {
      if (closed) return;
      newest = progress;
      timer ??= setTimeout(report, Math.max(0, dueAt - clock()));
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await sending;
    },
  };
};
