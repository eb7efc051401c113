// The full size: `npm run races`. Prints what came of it and leaves the figures in evidence/races.json.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { withPostgres } from '../setup/with-postgres.ts';
import { raceDeadlines } from './deadlines.ts';
import { type OnDatabase, onFile, onPostgres } from './grounds.ts';
import { raceTriples } from './triples.ts';

const { values } = parseArgs({
  options: {
    triples: { type: 'string', default: '2000' },
    deadlines: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    on: { type: 'string', default: 'both' },
    evidence: { type: 'string', default: join(import.meta.dirname, '../../evidence/races.json') },
  },
});
const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);

type Race = (url: string, races: number, seed: number) => Promise<Readonly<Record<string, number>>>;

const KINDS: readonly (readonly [kind: string, race: Race, races: number])[] = [
  ['approve, deny and cancel at once', raceTriples, Number(values.triples)],
  ['yes against the deadline', raceDeadlines, Number(values.deadlines)],
];

const evidence: object[] = [];

const race = async (database: string, ground: OnDatabase): Promise<void> => {
  for (const [kind, run, races] of KINDS) {
    const began = performance.now();
    const figures = await ground((url) => run(url, races, seed));
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    evidence.push({ database, kind, seconds, anomalies: 0, ...figures });
    const words = Object.entries(figures).map(([name, count]) => `${name} ${count}`);
    process.stdout.write(`${database}, ${kind}: ${words.join(', ')}; anomalies 0 (${seconds} s)\n`);
  }
};

process.stdout.write(`seed ${seed}\n`);
try {
  await race('SQLite', onFile);
  if (values.on !== 'sqlite') await withPostgres('on', (url) => race('PostgreSQL', onPostgres(url)));
} catch (error) {
  // The first anomaly ends everything: it is the finding, and it carries the history.
  evidence.push({ anomaly: String(error) });
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
}
if (values.evidence !== '') {
  await mkdir(dirname(values.evidence), { recursive: true });
  const machine = { at: new Date().toISOString(), node: process.version, cores: availableParallelism() };
  await writeFile(values.evidence, `${JSON.stringify({ ...machine, seed, evidence }, undefined, 2)}\n`);
}
