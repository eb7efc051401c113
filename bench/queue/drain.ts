import { pause, seconds } from '../measure.ts';
import type { Contender } from './contender.ts';

export interface Drained {
  readonly perSecond: number;
  /** Only that many were worked when the time was over. */
  readonly worked: number;
}

export interface DrainOrder {
  readonly jobs: number;
  readonly slots: number;
  /** A queue that would take hours is stopped by then, and its rate is that of the time it had. */
  readonly capMs: number;
}

/** From the first job that starts until every completion is stored. */
export const drain = async (contender: Contender, { jobs, slots, capMs }: DrainOrder): Promise<Drained> => {
  await using place = await contender.open(jobs);
  const producer = await place.producer();
  await place.settle();
  const worker = await place.worker({ slots, expected: jobs });
  const over = pause(Math.min(capMs, DEADLINE_MS)).then(() => 'over' as const);
  const done = worker.allHandled().then(() => producer.call('drained', { deadlineMs: DEADLINE_MS }));
  const endedAt = await Promise.race([done, over]);
  if (endedAt === 'over') {
    // It is left to its fate, and so is whoever waits for it.
    done.catch(() => undefined);
    const { count, at } = await worker.handled();
    return { perSecond: count / seconds(at - (await worker.firstAt())), worked: count };
  }
  await worker.stop();
  await place.verify(jobs);
  return { perSecond: jobs / seconds(endedAt - (await worker.firstAt())), worked: jobs };
};

const DEADLINE_MS = 10 * 60_000;
