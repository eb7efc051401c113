import { pause, percentile } from '../measure.ts';
import { compared, type Metric } from './metric.ts';
import { SIZES } from './sizes.ts';

const SLOTS = 10;
const EVERY_MS = 20;
/** More than this would queue among themselves where so many are worked in two seconds as there are slots. */
const SLOW = { urgents: 10, everyMs: 2350 };

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
    const { urgents: count, everyMs } = contender.traits.includes('slow by default')
      ? SLOW
      : { urgents: SIZES.urgents, everyMs: EVERY_MS };
    await using place = await contender.open({ ready: SIZES.ready, kind: 'low' });
    const producer = await place.producer();
    await producer.call('prepare', { count, kind: 'urgent' });
    await place.settle();
    const worker = await place.worker({ slots: SLOTS, tell: 'urgent', expected: SIZES.ready });
    const urgents: Promise<Urgent>[] = [];
    // Asked at fixed times, answered or not, so that one that waits does not spare the next.
    for (let turn = 0; turn < count; turn += 1) {
      const asked = producer.call('one', { kind: 'urgent' });
      urgents.push(
        asked.then(async ({ id, askedAt }) => ({ askedAt, startedAt: await worker.startedAt(id) })),
      );
      await pause(everyMs);
    }
    const all = await Promise.all(urgents);
    const ranOutAt = await worker.ranOutAt();
    const waits = all.filter(({ askedAt }) => askedAt < ranOutAt).map((one) => one.startedAt - one.askedAt);
    return { figures: { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) } };
  },
  notes: [
    `${SLOTS} at a time and an urgent job every ${EVERY_MS} ms (pg-boss as it comes works ${SLOTS} in two seconds, so there every ` +
      `${SLOW.everyMs} ms); only those count that came while others were waiting.`,
  ],
};
