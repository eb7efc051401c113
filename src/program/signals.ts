/**
 * Resolves with the first request to end; a second one ends the process at once, because then somebody is impatient and
 * everything accepted is stored anyway.
 */
export const untilAsked = (others: readonly Promise<string>[]): Promise<string> =>
  new Promise((resolve) => {
    let asked = false;
    const ask = (what: string): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(what);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
    for (const other of others) void other.then((what) => resolve(what));
  });

/** Ends the process when stopping in order takes longer than this; does not keep it alive by itself. */
export const endAfter = (ms: number): void => {
  setTimeout(() => process.exit(1), ms).unref();
};
