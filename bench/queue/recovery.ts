import { seconds } from '../measure.ts';
import { compared, type Metric } from './metric.ts';
import { wallMs } from './queue-end.ts';
import { SIZES } from './sizes.ts';

export const recoveryMetric: Metric = {
  name: 'recovery',
  title: 'Recovery after kill -9, seconds until all held jobs run again',
  columns: [compared('seconds', 'seconds')],
  measure: async (contender) => {
    const { recoversAfter } = contender;
    if (recoversAfter !== undefined) return `${recoversAfter} by default (documented, not waited for)`;
    await using place = await contender.open();
    const producer = await place.producer();
    const order = { slots: SIZES.held, tell: 'all', hold: true } as const;
    await producer.call('prepare', { count: SIZES.held, kind: 'held' });
    const doomed = await place.worker(order);
    const ids: string[] = [];
    for (let held = 0; held < SIZES.held; held += 1) {
      const { id } = await producer.call('one', { kind: 'held' });
      ids.push(id);
      await doomed.startedAt(id);
    }
    const heir = await place.worker(order);
    const killedAt = wallMs();
    await doomed.kill();
    const again = await Promise.all(ids.map((id) => heir.startedAt(id)));
    return { figures: { seconds: seconds(Math.max(...again) - killedAt) } };
  },
  notes: [
    `${SIZES.held} jobs that do not end are held by one worker while another one stands by; the first is killed. All ` +
      'settings that have to do with it are the defaults.',
  ],
};
