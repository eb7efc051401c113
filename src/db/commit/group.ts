import { StoreFault } from '../fault.ts';

/**
 * Group commit: whoever comes while a transaction is under way shares the next one, and each is answered after its own
 * commit. Nothing waits for a group to fill. If a shared transaction fails, everybody is tried alone, so that one
 * impossible item does not take the others down.
 */
export const grouped = <Item, Outcome>(
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  itemsMax: number,
): ((items: readonly Item[]) => Promise<readonly Outcome[]>) => {
  let waiting: Waiting<Item, Outcome>[] = [];
  let flushing = false;
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const size = sharing(waiting, itemsMax);
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      await settle(run, batch);
      // Those who were just answered get to ask for their next before the next transaction begins.
      await afterOthers();
    }
    flushing = false;
  };
  return (items) =>
    new Promise((resolve, reject) => {
      waiting.push({ items, resolve, reject });
      if (flushing) return;
      flushing = true;
      void afterOthers().then(flush);
    });
};

interface Waiting<Item, Outcome> {
  readonly items: readonly Item[];
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

const afterOthers = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** How many callers fit; one at least, however much it brings. */
const sharing = (waiting: readonly Waiting<unknown, never>[], itemsMax: number): number => {
  let items = 0;
  const first = waiting.findIndex((one) => {
    items += one.items.length;
    return items > itemsMax;
  });
  return first === -1 ? waiting.length : Math.max(1, first);
};

const settle = async <Item, Outcome>(
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  batch: readonly Waiting<Item, Outcome>[],
): Promise<void> => {
  try {
    const outcomes = await run(batch.flatMap(({ items }) => items));
    let from = 0;
    for (const { items, resolve } of batch) {
      resolve(outcomes.slice(from, from + items.length));
      from += items.length;
    }
  } catch (error) {
    const [only] = batch;
    if (!isAboutItems(error)) for (const { reject } of batch) reject(error);
    else if (batch.length > 1) for (const one of batch) await settle(run, [one]);
    else if (only !== undefined && only.items.length > 1) await oneByOne(run, only);
    else only?.reject(error);
  }
};

/** A database that is away, locked or full treats everybody alike. */
const isAboutItems = (error: unknown): boolean =>
  !(error instanceof StoreFault) || error.fault === 'unique' || error.fault === 'other';

const oneByOne = async <Item, Outcome>(
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  { items, resolve, reject }: Waiting<Item, Outcome>,
): Promise<void> => {
  const outcomes: Outcome[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (const item of items) {
    try {
      outcomes.push(...(await run([item])));
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure === undefined) resolve(outcomes);
  else reject(failure.error);
};
