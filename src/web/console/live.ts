import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { type Bell, bellOf } from './bell.ts';
import type { Visit } from './route.ts';
import { runOf } from './run-acts.ts';
import { visitorOf } from './visitor.ts';

/** Changes that wake nobody are found by then at the latest. */
const LOOK_MS = 1000;
/** A page that shows many things asks for them again so often, woken or not. */
const NOTICE_MS = 10_000;
/** Proxies hang up on a connection that says nothing. */
const SILENCE_MS = 15_000;
/** Whoever is further behind is told only that there is much to see. */
const BEHIND_MAX = 500;

/**
 * What happens to one run, event by event; the number of a message is that of the event, so whoever comes back is told what
 * came meanwhile, also by another process.
 */
export const watchRun = async (visit: Visit): Promise<Response> => {
  const { state } = await runOf(visit);
  const { runs } = visit.deps.rooms.store;
  const { runId } = state;
  let after = lastSeen(visit);
  let written = (await runs.output(runId))?.bytes ?? 0;
  return stream(visit, { everyMs: LOOK_MS, bell: bellOfHouse(visit) }, async (send) => {
    const stored = (await runs.find([runId])).get(runId);
    if (stored === undefined) return false;
    const news = stored.version > after ? (await runs.history(runId)).filter(({ seq }) => seq > after) : [];
    const told = news.length > BEHIND_MAX ? news.slice(-1) : news;
    for (const { seq, type } of told) await send({ event: 'moved', id: String(seq), data: type });
    after = news.at(-1)?.seq ?? after;
    // What it writes meanwhile is no event, so it has no number and is not told again.
    const output = stored.state.status === 'Running' ? ((await runs.output(runId))?.bytes ?? 0) : written;
    if (output !== written && told.length === 0) await send({ event: 'moved', data: 'output' });
    const isMore = output !== written || told.length > 0;
    written = output;
    return isMore;
  });
};

const lastSeen = ({ c }: Visit): number => {
  const given = c.req.header('last-event-id') ?? c.req.query('after') ?? '';
  return /^\d{1,9}$/.test(given) ? Number(given) : 0;
};

/** Says that something may have changed, and not what: a page asks again for what it shows. */
export const watchHouse = async (visit: Visit): Promise<Response> => {
  let isFirst = true;
  return stream(visit, { everyMs: NOTICE_MS, bell: bellOfHouse(visit) }, async (send) => {
    // The page was written a moment ago, but nobody knows how long it has been on its way.
    if (!isFirst) await send({ event: 'moved', data: 'something' });
    isFirst = false;
    return true;
  });
};

type Send = (message: {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}) => Promise<unknown>;

/** A browser speaks with one address over six connections, and pages want to be loaded as well. */
export const STREAMS_MAX = 4;

/** Tells a page that somebody opened more of them, so that it does not come back and take the place of the next one. */
const FULL = { event: 'full', data: `more than ${STREAMS_MAX} pages are open` } as const;

/** Looks whenever somebody is woken, and so often anyway, until the browser goes away, its session ends or others need its place. */
export const stream = (
  { deps, c, visitor, streams }: Visit,
  { everyMs, bell }: { readonly everyMs: number; readonly bell: Bell },
  look: (send: Send) => Promise<boolean>,
): Promise<Response> => {
  // Whoever only asks what there would be waits for nothing.
  if (c.req.method === 'HEAD') return Promise.resolve(c.body(null));
  c.header('x-accel-buffering', 'no');
  const follow = async (out: SSEStreamingApi): Promise<void> => {
    const gone = new AbortController();
    out.onAbort(() => gone.abort());
    const place = streams.take(visitor.person.id);
    const over = AbortSignal.any([gone.signal, place.taken]);
    let quietMs = 0;
    try {
      while (!over.aborted && deps.ready()) {
        // Whoever was signed out, or lost their rights, is told nothing more.
        if ((await visitorOf(deps, c)) === undefined) return;
        const told = await look((message) => out.writeSSE({ ...message }));
        quietMs = told ? 0 : quietMs + everyMs;
        if (quietMs >= SILENCE_MS) {
          await out.write(': still here\n\n');
          quietMs = 0;
        }
        await bell.rung(everyMs, over);
      }
      if (place.taken.aborted) await out.writeSSE(FULL);
    } finally {
      bell.stop();
      place.leave();
    }
  };
  // A browser that lost its stream comes back by itself.
  const failed = (error: Error): Promise<void> => {
    deps.rooms.observe({ kind: 'loop_faulted', loop: 'console stream', error });
    return Promise.resolve();
  };
  return Promise.resolve(streamSSE(c, follow, failed));
};

/** Rings after a change of this process, and after whatever any other left to do. */
const bellOfHouse = ({ deps: { rooms, onRunChanged } }: Visit): Bell =>
  bellOf([(ring) => rooms.store.onWake(ring), (ring) => onRunChanged?.(ring)]);
