import { pause, percentile } from '../measure.ts';
import type { Contender, Filling } from './contender.ts';
import { alone, compared, type Measured, type Metric } from './metric.ts';
import { SIZES, WARM_UP } from './sizes.ts';

const SLOTS = 10;
const OVER_MS = 30_000;

/** One job at a time on a queue with nothing else to do. */
const measure = async (contender: Contender, filling: Filling): Promise<Measured> => {
  await using place = await contender.open(filling);
  const producer = await place.producer();
  await producer.call('prepare', { count: WARM_UP + SIZES.pickups });
  await place.settle();
  const worker = await place.worker({ slots: SLOTS, tell: 'all' });
  const asked: number[] = [];
  const stored: number[] = [];
  const over = performance.now() + OVER_MS;
  let spreadMs = 100;
  for (
    let turn = -WARM_UP;
    turn < SIZES.pickups && (asked.length === 0 || performance.now() < over);
    turn += 1
  ) {
    // Spread over the interval at which it looks, so that a look that happens to be near neither flatters nor harms it.
    await pause(((Math.abs(turn) * 0.618_033_988_75) % 1) * spreadMs);
    const { id, askedAt, storedAt } = await producer.call('one', {});
    const startedAt = await worker.startedAt(id);
    spreadMs = Math.max(spreadMs, startedAt - askedAt);
    if (turn < 0) continue;
    asked.push(startedAt - askedAt);
    stored.push(Math.max(0, startedAt - storedAt));
  }
  const figures = {
    p50: percentile(asked, 0.5),
    p99: percentile(asked, 0.99),
    stored50: percentile(stored, 0.5),
    stored99: percentile(stored, 0.99),
  };
  return { figures };
};

const columns = [
  compared('p50', 'asked → started, p50'),
  compared('p99', 'p99'),
  alone('stored50', 'stored → started, p50'),
  alone('stored99', 'p99'),
];

export const pickupMetric: Metric = {
  name: 'pickup',
  title: 'Pickup on an idle queue, milliseconds',
  columns,
  measure: (contender) => measure(contender, {}),
  notes: [
    `From the call of the producer until the handler runs in the other process, ${SIZES.pickups} jobs a round one after ` +
      `the other, fewer where they take longer than ${OVER_MS / 1000} s together. A worker of ours counts as started when ` +
      'its log says so, which is after the start was recorded.',
  ],
};

export const laterMetric: Metric = {
  name: 'later',
  title: `Pickup with ${SIZES.later.toLocaleString('en')} jobs scheduled for later, milliseconds`,
  columns,
  measure: (contender) => measure(contender, { later: SIZES.later }),
  notes: ['As above. Those of ours are runs that failed once and are tried again in some hours.'],
};
