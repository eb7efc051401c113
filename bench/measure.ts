/** What a row of measurements says; milliseconds unless the name of the figure says otherwise. */
export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export const spreadOf = (samples: readonly number[]): Spread => ({
  n: samples.length,
  p50: rounded(percentile(samples, 0.5)),
  p99: rounded(percentile(samples, 0.99)),
  max: rounded(percentile(samples, 1)),
});

/** Nearest rank: a value that was really measured, never one in between. */
export const percentile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
};

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

export interface Rounds {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: readonly number[];
}

export const roundsOf = (values: readonly number[]): Rounds => ({
  median: rounded(median(values)),
  min: rounded(Math.min(...values)),
  max: rounded(Math.max(...values)),
  rounds: values.map(rounded),
});

/** Three digits say all that a measurement on a shared machine can say. */
export const rounded = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));

export const seconds = (ms: number): number => ms / 1000;

/** Looks again until the answer is yes; a benchmark that hangs must end by itself. */
export const until = async (
  what: string,
  probe: () => Promise<boolean> | boolean,
  { deadlineMs = 60_000, everyMs = 5 } = {},
): Promise<void> => {
  const deadline = performance.now() + deadlineMs;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await pause(everyMs);
  }
};

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
