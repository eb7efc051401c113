import { pause, percentile } from '../measure.ts';
import type { Worker } from './contender.ts';
import { compared, type Metric } from './metric.ts';
import { SIZES } from './sizes.ts';

const SLOTS = 10;
const EVERY_MS = 20;

interface Urgent {
  readonly askedAt: number;
  readonly startedAt: number;
}

export const urgentMetric: Metric = {
  name: 'urgent',
  title: `Pickup of an urgent job while ${SIZES.ready.toLocaleString('en')} others are worked, milliseconds`,
  columns: [compared('p50', 'asked → started, p50'), compared('p99', 'p99')],
  measure: async (contender) => {
    if (contender.traits.includes('without priorities')) return 'has no priorities';
    await using place = await contender.open({ ready: SIZES.ready, kind: 'low' });
    const producer = await place.producer();
    await producer.call('prepare', { count: SIZES.urgents, kind: 'urgent' });
    await place.settle();
    const worker = await place.worker({ slots: SLOTS, tell: 'urgent', expected: SIZES.ready });
    const ranOut = exhaustion(worker);
    const urgents: Promise<Urgent>[] = [];
    // Asked at fixed times, answered or not, so that one that waits does not spare the next.
    for (let turn = 0; turn < SIZES.urgents; turn += 1) {
      const asked = producer.call('one', { kind: 'urgent' });
      urgents.push(
        asked.then(async ({ id, askedAt }) => ({ askedAt, startedAt: await worker.startedAt(id) })),
      );
      await pause(EVERY_MS);
    }
    const all = await Promise.all(urgents);
    if (contender.family === 'ours' && (await worker.handled()).count >= SIZES.ready) {
      throw new Error('the other jobs ran out before the urgent ones were through');
    }
    const ranOutAt = await Promise.race([ranOut, Promise.resolve(Infinity)]);
    const waits = all.filter(({ askedAt }) => askedAt < ranOutAt).map((one) => one.startedAt - one.askedAt);
    return { figures: { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) } };
  },
  notes: [
    `An urgent job every ${EVERY_MS} ms; only those count that came while others were waiting. ${SLOTS} at a time.`,
  ],
};

/** When the others ran out, should that happen; a worker that is killed before takes the question with it. */
const exhaustion = async (worker: Worker): Promise<number> => {
  try {
    return (await worker.allHandled()) ?? Infinity;
  } catch {
    return Infinity;
  }
};
