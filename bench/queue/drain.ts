import { seconds } from '../measure.ts';
import type { Contender, Place, Worker } from './contender.ts';
import { compared, type Metric } from './metric.ts';
import type { RemoteEnd } from './remote-end.ts';
import { SIZES } from './sizes.ts';

export interface Drained {
  readonly perSecond: number;
  /** Whether it was stopped before it was through. */
  readonly cut: boolean;
  /** The most memory that the worker had. */
  readonly rssMb: number;
}

export interface DrainOrder {
  readonly jobs: number;
  readonly slots: number;
  /** All that there are by then, when more were drained on the same queue before. */
  readonly total?: number;
  /** A peer that would take hours is stopped by then, and its rate is that of the time it had. */
  readonly capMs?: number;
}

/** From the first job that starts until every completion is stored. */
export const drain = async (
  { family }: Contender,
  place: Place,
  producer: RemoteEnd,
  { jobs, slots, total = jobs, capMs = SIZES.capMs }: DrainOrder,
): Promise<Drained> => {
  const worker = await place.worker({ slots, expected: jobs });
  const memory = watchMemory(worker);
  const done = worker.allHandled().then(() => producer.call('drained', { deadlineMs: DEADLINE_MS }));
  // Ours is always worked to the end, because it is counted only then.
  const endedAt = family === 'ours' ? await done : await within(capMs, done);
  const rssMb = memory.stop();
  if (endedAt === undefined) {
    const { count, at } = await worker.handled();
    return { perSecond: count / seconds(at - (await worker.firstAt())), cut: true, rssMb };
  }
  await worker.stop();
  await place.assertWorked(total);
  return { perSecond: jobs / seconds(endedAt - (await worker.firstAt())), cut: false, rssMb };
};

/** Undefined when it takes longer; then it is left to its fate, and so is whoever waits for it. */
const within = async (ms: number, done: Promise<number>): Promise<number | undefined> => {
  const over = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => over.resolve(undefined), ms);
  done.catch(() => undefined);
  try {
    return await Promise.race([done, over.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** A queue of its own, filled before the clock starts. */
export const drainFilled = async (contender: Contender, order: DrainOrder): Promise<Drained> => {
  await using place = await contender.open({ ready: order.jobs });
  const producer = await place.producer();
  await place.settle();
  return await drain(contender, place, producer, order);
};

/** A drain of ours that takes longer than this will not end. */
const DEADLINE_MS = 60 * 60_000;
const LOOK_MS = 200;

const watchMemory = (worker: Worker) => {
  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, await worker.rssMb());
  };
  // It may be gone already; what it had until then counts.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return {
    stop: (): number => {
      clearInterval(timer);
      return most;
    },
  };
};

const SLOTS = [1, 10, 50] as const;

export const drainMetric: Metric = {
  name: 'drain',
  title: `Draining ${SIZES.jobs.toLocaleString('en')} no-op jobs, jobs/s until every completion is stored`,
  columns: SLOTS.map((slots) => compared(`c${slots}`, `${slots} at a time`)),
  measure: async (contender) => {
    const figures: Record<string, number> = {};
    const cut: string[] = [];
    for (const slots of SLOTS) {
      const drained = await drainFilled(contender, { jobs: SIZES.jobs, slots });
      figures[`c${slots}`] = drained.perSecond;
      if (drained.cut) cut.push(`c${slots}`);
    }
    return { figures, cut };
  },
  notes: [
    'The jobs are there before the worker starts; the clock runs from the first of them that starts. Ours is the demo job ' +
      'of the installed worker with its log, and every run leaves six chained events, its state, its output and three ' +
      `messages, which are counted, and a sample of the chains is computed again. Before the clock starts a database is ` +
      `vacuumed, analyzed and flushed, whosever it is. A queue that is not through after ${SIZES.capMs / 1000} s is stopped (≈).`,
  ],
};
