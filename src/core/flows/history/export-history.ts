import type { EventRow, IHistory } from '../../ports/history.ts';
import { canonical } from '../../runs/canonical.ts';
import { inOrder, keyId, type Seal } from '../../runs/seal.ts';
import { type Instant, isoOf } from '../../time/instant.ts';
import { chainPages, historyPages } from './history-pages.ts';

/**
 * The history as lines of JSON that a stranger can check without us: docs/verify/FORMAT.md. Seals come first, so that
 * events can be held against them one by one. With `since`, only chains that have an event since then, each from its
 * beginning, and seals from the last one before. Each text holds many whole lines.
 */
export async function* exportHistory(history: IHistory, since?: Instant): AsyncGenerator<string> {
  yield line({
    kind: 'history',
    format: 1,
    complete: since === undefined,
    ...(since !== undefined && { since: isoOf(since) }),
  });
  const seals = yield* sealLines(history, since);
  let events = 0;
  for await (const page of since === undefined ? historyPages(history) : pagesSince(history, since)) {
    events += page.events.length;
    yield page.events.map(eventLine).join('');
  }
  yield line({ kind: 'end', events, seals });
}

const line = (content: object): string => `${canonical(content)}\n`;

const SEALS = 20;

async function* sealLines(history: IHistory, since: Instant | undefined): AsyncGenerator<string, number> {
  const keys = new Set<string>();
  let before: Seal | undefined;
  let count = 0;
  for (;;) {
    const page: readonly Seal[] = await history.seals(before?.number ?? 0, SEALS);
    const wanted = since === undefined ? page : await fromLastBefore(history, page, since);
    const heads = Map.groupBy(await headsOf(history, wanted), ({ seal }) => seal);
    for (const { key, ...seal } of wanted) {
      if (!keys.has(key)) yield line({ kind: 'key', id: keyId(key), key });
      keys.add(key);
      const covers = inOrder(heads.get(seal.number) ?? []).map(({ chain, seq, hash }) => [chain, seq, hash]);
      yield line({ kind: 'seal', ...seal, key, covers });
    }
    count += wanted.length;
    before = page.at(-1);
    if (page.length < SEALS) return count;
  }
}

const headsOf = async (history: IHistory, seals: readonly Seal[]) => {
  const [first, last] = [seals[0], seals.at(-1)];
  return first === undefined || last === undefined ? [] : history.headsOfSeals(first.number, last.number);
};

/** The one that was the newest at that moment still belongs to it: the next one links to it. */
const fromLastBefore = async (
  history: IHistory,
  page: readonly Seal[],
  since: Instant,
): Promise<readonly Seal[]> => {
  const last = page.at(-1);
  if (last === undefined) return [];
  const [next] = last.at < since ? await history.seals(last.number, 1) : [];
  return page.filter(({ at }, index) => {
    const after = page[index + 1] ?? next;
    return at >= since || after === undefined || after.at >= since;
  });
};

const ENDS = 1000;

async function* pagesSince(history: IHistory, since: Instant) {
  yield* chainPages(history, 'system');
  for (let after: string | undefined = ''; after !== undefined; ) {
    const ends: Awaited<ReturnType<IHistory['ends']>> = await history.ends(after, ENDS);
    for (const { chain, at } of ends) if (at >= since) yield* chainPages(history, chain);
    after = ends.length < ENDS ? undefined : ends.at(-1)?.chain;
  }
}

/** What somebody broke is shown as it is, as text: no hash fits it, and that is what the export has to show. */
const eventLine = (event: EventRow): string => {
  const { seq, at, payload } = event;
  try {
    const value: unknown = JSON.parse(payload);
    return line({ kind: 'event', ...event, payload: value });
  } catch {
    return line({ kind: 'event', ...event, seq: shown(seq), at: shown(at), payload });
  }
};

const shown = (number: number): number | string => (Number.isSafeInteger(number) ? number : String(number));
