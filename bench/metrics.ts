import { DIALECTS, type Dialect, observe, openDatabases } from './databases.ts';
import { pause, type Spread, seconds, spreadOf } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick, show } from './report.ts';
import { seed } from './seed.ts';

// What a scrape costs with a long past behind: once with a new look at the database, and once from the answer that is kept.

const MANY = quick ? 2000 : 1_000_000;
const SCRAPES = quick ? 3 : 20;
/** `--only=SQLite` leaves the other one out, and then nothing is kept. */
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const chosen = DIALECTS.filter((dialect) => only === undefined || dialect === only);
/** The answer of a look is kept for two seconds. */
const OUTLIVED_MS = 2050;

interface Row {
  readonly dialect: Dialect;
  readonly fresh: Spread;
  readonly kept: Spread;
  readonly kilobytes: number;
}

const scrape = async (url: string): Promise<{ readonly ms: number; readonly bytes: number }> => {
  const began = performance.now();
  const answer = await fetch(`${url}/metrics`);
  const text = await answer.text();
  const ms = performance.now() - began;
  if (!text.includes('textops_runs{status="Dispatching"}')) throw new Error('the database was not read');
  return { ms, bytes: text.length };
};

const measure = async (dialect: Dialect, url: string): Promise<Row> => {
  const env = { DATABASE_URL: url, WORKER: 'separate' };
  const program = await startProgram({ folder: await freshFolder(), env });
  try {
    const fresh: number[] = [];
    const kept: number[] = [];
    let bytes = 0;
    for (let turn = -2; turn < SCRAPES; turn += 1) {
      await pause(OUTLIVED_MS);
      const first = await scrape(program.url);
      const second = await scrape(program.url);
      bytes = first.bytes;
      if (turn < 0) continue;
      fresh.push(first.ms);
      kept.push(second.ms);
    }
    return { dialect, fresh: spreadOf(fresh), kept: spreadOf(kept), kilobytes: Math.round(bytes / 1000) };
  } finally {
    await program.stop();
  }
};

await using databases = openDatabases();
const folder = await freshFolder();
const urls = await Promise.all(chosen.map((dialect) => databases.fresh(dialect, folder)));
const seedMs = await Promise.all(urls.map((url) => seed(url, MANY)));
for (const url of urls.filter((each) => !each.startsWith('file:'))) {
  await using database = await observe(url);
  // Autovacuum would do it within minutes.
  await database.run('analyze');
}
const rows: Row[] = [];
for (const [which, dialect] of chosen.entries()) rows.push(await measure(dialect, urls[which] ?? ''));
const report = {
  name: 'metrics',
  title: `A scrape of /metrics with ${MANY.toLocaleString('en')} finished runs behind`,
  head: ['database', 'p50 ms, new look', 'p99', 'max', 'p50 ms, kept look', 'KB'],
  rows: rows.map(({ dialect, fresh, kept, kilobytes }) => [
    dialect,
    `**${fresh.p50}**`,
    fresh.p99,
    fresh.max,
    kept.p50,
    kilobytes,
  ]),
  notes: [
    `${SCRAPES} scrapes each, over HTTP, one every two seconds, so that each looks at the database anew, and one right behind it. ` +
      `Seeded by the real rules and commits: ${chosen.map((dialect, which) => `${dialect} ${seconds(seedMs[which] ?? 0).toFixed(0)} s`).join('; ')}.`,
  ],
  raw: { rows, seedMs },
};
await (only === undefined ? publish(report) : show(report));
