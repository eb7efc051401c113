import { DIALECTS, openDatabases } from '../databases.ts';
import { quick } from '../report.ts';
import type { Contender } from './contender.ts';
import { drainMetric } from './drain.ts';
import { enqueueMetric } from './enqueue.ts';
import { installPeers } from './install.ts';
import { keepResult } from './keep-result.ts';
import { historyMetric, longMetric, snapshotMetric } from './long.ts';
import type { Measured, Metric } from './metric.ts';
import { readOptions, STORES } from './options.ts';
import { oursOn } from './ours.ts';
import { FAMILIES, peersOn } from './peers.ts';
import { laterMetric, pickupMetric } from './pickup.ts';
import { recoveryMetric } from './recovery.ts';
import { hasRedis } from './redis-server.ts';
import { resultOf, type Taken } from './results.ts';
import { chapter } from './tables.ts';
import { urgentMetric } from './urgent.ts';

// Our queue beside the queues that people would take instead, on the same machine in the same minutes.

const METRICS: readonly Metric[] = [
  drainMetric,
  enqueueMetric,
  pickupMetric,
  laterMetric,
  urgentMetric,
  recoveryMetric,
  longMetric,
  snapshotMetric,
  historyMetric,
];

const names = METRICS.map(({ name }) => name);
const families = ['ours', ...FAMILIES];
const options = readOptions(process.argv.slice(2), families, names);
const redis = await hasRedis();

const measure = async (metric: Metric, contender: Contender): Promise<Measured | string> =>
  contender.store === 'Redis' && !redis
    ? 'skipped: there is no redis-server on this machine'
    : metric.measure(contender);

const works = ({ traits }: Contender): boolean => !traits.includes('enqueue only');

/** All of them in every round, forth and back, so that a busy minute is unjust to neighbours alike. */
const measureInTurns = async (metric: Metric, contenders: readonly Contender[]): Promise<Taken> => {
  const taken = new Map<Contender, (Measured | string)[]>(contenders.map((one) => [one, []]));
  const rounds = metric.onRequest === true ? 1 : options.rounds;
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const measured = await measure(metric, contender);
      taken.get(contender)?.push(measured);
      const told = typeof measured === 'string' ? measured : JSON.stringify(measured.figures);
      process.stderr.write(`${metric.name} ${round + 1}/${rounds} ${contender.name}: ${told}\n`);
    }
  }
  return taken;
};

if (FAMILIES.some((family) => options.wanted(families, family))) await installPeers();
await using databases = openDatabases();
// Ours stands beside those that are compared with it.
const all = [...DIALECTS.flatMap((dialect) => oursOn(dialect, databases)), ...peersOn(databases)];
const contenders = ['PostgreSQL', 'Redis', 'SQLite'].flatMap((kind) =>
  all.filter(
    ({ family, store }) =>
      store === kind && options.wanted(families, family) && options.wanted(STORES, store.toLowerCase()),
  ),
);
for (const metric of METRICS) {
  if (!options.wanted(names, metric.name)) continue;
  if (metric.onRequest === true && !options.named(metric.name)) continue;
  const mine = contenders.filter(metric.takes ?? works);
  if (mine.length === 0) continue;
  const result = resultOf(metric, await measureInTurns(metric, mine));
  process.stdout.write(`${chapter(metric.name, result)}\n\n`);
  if (!quick && !options.partial) await keepResult(names, metric.name, result);
}
