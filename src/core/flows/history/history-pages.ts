import type { ChainRow, EventRow, IHistory, SealedHead } from '../../ports/history.ts';

/** A stretch of the history, chain after chain. */
export interface HistoryPage {
  /** Rows and sealed heads of a range of chains come with the first page of their events. */
  readonly rows: readonly ChainRow[];
  readonly heads: readonly SealedHead[];
  readonly events: readonly EventRow[];
  /** The range ends here; the next page begins another. */
  readonly ends: boolean;
}

/** Chains behind `after`, up to and with `upTo`, or to the end. */
export interface ChainRange {
  readonly after: string;
  readonly upTo?: string;
}

export const WHOLE: ChainRange = { after: '' };

type Reads = Pick<IHistory, 'rows' | 'headsOf' | 'events'>;

/**
 * Everything of a range, some runs at a time, also what belongs to no run. Whoever takes a page has the next one read meanwhile,
 * so that a database on another core need not wait.
 */
export const historyPages = (history: Reads, range = WHOLE): AsyncGenerator<HistoryPage> =>
  ahead(parts(history, range));

async function* parts(history: Reads, { after: behind, upTo: end }: ChainRange): AsyncGenerator<HistoryPage> {
  for (let after: string | undefined = behind; after !== undefined; ) {
    // Rows first: an event that comes in between is newer than its row, never missing.
    const found: readonly ChainRow[] = await history.rows(after, ROWS);
    const rows = end === undefined ? found : found.filter(({ chain }) => chain <= end);
    const isLast = rows.length < ROWS;
    const upTo: string | undefined = isLast ? end : rows.at(-1)?.chain;
    let own = { rows, heads: await history.headsOf(after, upTo) };
    const pages = eventPages(history, { chain: after, seq: Number.MAX_SAFE_INTEGER }, upTo);
    for await (const { events, ends } of pages) {
      yield { ...own, events, ends };
      own = { rows: [], heads: [] };
    }
    after = isLast ? undefined : upTo;
  }
}

/** One run, or the chain `system`. */
export const chainPages = (history: Pick<IHistory, 'events'>, chain: string) =>
  eventPages(history, { chain, seq: 0 }, chain);

async function* eventPages(
  history: Pick<IHistory, 'events'>,
  from: { readonly chain: string; readonly seq: number },
  upTo: string | undefined,
): AsyncGenerator<Pick<HistoryPage, 'events' | 'ends'>> {
  for (let last: typeof from | undefined = from; last !== undefined; ) {
    const events: readonly EventRow[] = await history.events(last, upTo, EVENTS);
    const ends = events.length < EVENTS;
    yield { events, ends };
    last = ends ? undefined : events.at(-1);
  }
}

/** Small pages stay in the caches of the processor; large ones save round trips. */
const ROWS = 200;
const EVENTS = 2000;

async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  for (;;) {
    const taken = await next;
    if (taken.done === true) return;
    next = source.next();
    // Whoever stops early does not hear of it.
    next.catch(() => undefined);
    yield taken.value;
  }
}
