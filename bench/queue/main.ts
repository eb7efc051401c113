import { DIALECTS, openDatabases } from '../databases.ts';
import { roundsOf } from '../measure.ts';
import { quick } from '../report.ts';
import type { Contender } from './contender.ts';
import { drain } from './drain.ts';
import { installPeers } from './install.ts';
import { readOptions, STORES } from './options.ts';
import { oursOn } from './ours.ts';
import { FAMILIES, peersOn } from './peers.ts';

const METRICS = ['drain'] as const;
const SLOTS = [1, 10, 50] as const;
const JOBS = quick ? 2000 : 20_000;
/** Ours is always worked to the end, because it is only counted then. */
const CAP_MS = quick ? 5000 : 20_000;

const families = ['ours', ...FAMILIES];
const options = readOptions(process.argv.slice(2), families, METRICS);
if (FAMILIES.some((family) => options.wanted(families, family))) await installPeers();

await using databases = openDatabases();
const contenders = [...DIALECTS.map((dialect) => oursOn(dialect, databases)), ...peersOn(databases)].filter(
  ({ family, store }) => options.wanted(families, family) && options.wanted(STORES, store.toLowerCase()),
);
const rates = new Map<Contender, number[][]>(contenders.map((one) => [one, SLOTS.map(() => [])]));
for (let round = 0; round < options.rounds; round += 1) {
  for (const [index, slots] of SLOTS.entries()) {
    for (const contender of contenders) {
      const capMs = contender.family === 'ours' ? Infinity : CAP_MS;
      const { perSecond, worked } = await drain(contender, { jobs: JOBS, slots, capMs });
      rates.get(contender)?.[index]?.push(perSecond);
      console.log(
        `round ${round + 1} c=${slots} ${contender.name}: ${Math.round(perSecond)}/s (${worked} jobs)`,
      );
    }
  }
}
for (const [{ name }, all] of rates) {
  console.log(name, ...all.map((one, index) => `c=${SLOTS[index]}: ${roundsOf(one).median}/s`));
}
