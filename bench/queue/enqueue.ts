import { seconds } from '../measure.ts';
import { compared, type Metric } from './metric.ts';
import { BATCH, IN_FLIGHT, SIZES } from './sizes.ts';

const WARM_UP = 200;

export const enqueueMetric: Metric = {
  name: 'enqueue',
  title: 'Handing jobs over, jobs/s until they are stored',
  columns: [
    compared('single', `single calls, ${IN_FLIGHT} in flight`),
    compared('batch', `${BATCH.toLocaleString('en')} at once`),
  ],
  takes: () => true,
  measure: async (contender) => {
    await using place = await contender.open();
    const producer = await place.producer();
    const { singles, batches } = SIZES;
    const total = WARM_UP + singles + batches * BATCH;
    await producer.call('prepare', { count: total });
    await producer.call('single', { count: WARM_UP, inFlight: IN_FLIGHT });
    await place.settle();
    const singleMs = await producer.call('single', { count: singles, inFlight: IN_FLIGHT });
    const batchMs = await producer.call('batch', { size: BATCH, times: batches });
    await place.assertQueued(total);
    return {
      figures: { single: singles / seconds(singleMs), batch: (batches * BATCH) / seconds(batchMs) },
    };
  },
  notes: [
    'What ours does where a peer adds a job is the YES to a run that waits for it: the rules, its events and their chain, ' +
      'its state, its row in the queue and the message about it. As a message the YES is read, its writer looked up and ' +
      'its answer kept as well. At once means in one call where a peer has one, and called together where it is ours.',
  ],
};
