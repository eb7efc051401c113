import { observe } from '../databases.ts';
import { median } from '../measure.ts';
import { quick } from '../report.ts';
import type { Contender } from './contender.ts';
import { drain, drainFilled } from './drain.ts';
import { alone, compared, type Metric } from './metric.ts';
import { SIZES } from './sizes.ts';

const SLOTS = 50;
const CAP_MS = 5 * 60_000;
const TOO_SLOW = 'works too slowly for so many';

export const longMetric: Metric = {
  name: 'long',
  title: `Draining ${SIZES.many.toLocaleString('en')} jobs instead of ${SIZES.jobs.toLocaleString('en')}`,
  columns: [
    alone('few', `jobs/s, ${SIZES.jobs.toLocaleString('en')}`),
    compared('many', SIZES.many.toLocaleString('en')),
    alone('share', 'many ÷ few'),
    alone('rssMb', 'worker RSS at most, MB'),
  ],
  measure: async (contender) => {
    if (contender.traits.includes('slow by default')) return TOO_SLOW;
    const few = await drainFilled(contender, { jobs: SIZES.jobs, slots: SLOTS });
    const many = await drainFilled(contender, { jobs: SIZES.many, slots: SLOTS, capMs: CAP_MS });
    const share = many.perSecond / few.perSecond;
    const figures = { few: few.perSecond, many: many.perSecond, share, rssMb: many.rssMb };
    return { figures, cut: many.cut ? ['many'] : [] };
  },
  notes: [`${SLOTS} at a time.`],
};

export const snapshotMetric: Metric = {
  name: 'snapshot',
  title: `Draining ${SIZES.jobs.toLocaleString('en')} jobs while another session holds a snapshot`,
  columns: [alone('free', 'jobs/s without'), compared('held', 'with'), alone('share', 'with ÷ without')],
  measure: async (contender) => {
    if (contender.traits.includes('slow by default')) return TOO_SLOW;
    if (contender.store === 'Redis') return 'has no snapshots';
    const free = await drainFilled(contender, { jobs: SIZES.jobs, slots: SLOTS });
    await using place = await contender.open({ ready: SIZES.jobs });
    const producer = await place.producer();
    await place.settle();
    await using snapshot = await observe(place.url);
    await snapshot.run(contender.store === 'SQLite' ? 'begin' : 'begin isolation level repeatable read');
    await snapshot.number(TAKE[contender.store]);
    const held = await drain(contender, place, producer, { jobs: SIZES.jobs, slots: SLOTS });
    await snapshot.run('rollback');
    const share = held.perSecond / free.perSecond;
    return { figures: { free: free.perSecond, held: held.perSecond, share } };
  },
  notes: [
    `${SLOTS} at a time. Nothing that is deleted or changed meanwhile can be cleared away: PostgreSQL keeps the dead rows, ` +
      'SQLite does not write its log back.',
  ],
};

/** A transaction has its snapshot from its first look on. */
const TAKE = {
  SQLite: 'select count(*) from sqlite_schema',
  PostgreSQL: 'select count(*) from pg_class',
} as const;

const TURNS = quick ? 1 : 3;

export const historyMetric: Metric = {
  name: 'history',
  title: `Draining ${SIZES.jobs.toLocaleString('en')} jobs with finished runs behind`,
  columns: [
    alone('none', 'jobs/s with none'),
    ...SIZES.past.flatMap((past) => [
      alone(`past${past}`, past.toLocaleString('en')),
      alone(`share${past}`, '÷ none'),
    ]),
  ],
  measure: async (contender) => {
    const figures: Record<string, number> = { none: await behind(contender, 0) };
    for (const past of SIZES.past) {
      const perSecond = await behind(contender, past);
      figures[`past${past}`] = perSecond;
      figures[`share${past}`] = perSecond / (figures['none'] ?? Number.NaN);
    }
    return { figures };
  },
  notes: [`${SLOTS} at a time, medians of ${TURNS}. The past is made by the real rules and commits.`],
  takes: ({ family, traits }) => family === 'ours' && traits.length === 0,
  onRequest: true,
};

/** Filled and drained again and again on one database, whose past took minutes to make. */
const behind = async (contender: Contender, past: number): Promise<number> => {
  await using place = await contender.open({ past });
  const producer = await place.producer();
  const rates: number[] = [];
  for (let turn = 1; turn <= TURNS; turn += 1) {
    await producer.call('fill', { count: SIZES.jobs });
    await place.settle();
    const order = { jobs: SIZES.jobs, slots: SLOTS, total: turn * SIZES.jobs };
    rates.push((await drain(contender, place, producer, order)).perSecond);
  }
  return median(rates);
};
