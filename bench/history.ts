import { stat } from 'node:fs/promises';
import { DIALECTS, type Dialect, observe, openDatabases } from './databases.ts';
import { type DevDoor, devDoor } from './http-load.ts';
import { median, rounded, type Spread, seconds, spreadOf } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick } from './report.ts';
import { seed } from './seed.ts';
import { seededIds } from './seed-runs.ts';

// The same questions to a database with a million finished runs and to one with a handful, turn by turn.

const MANY = quick ? 2000 : 1_000_000;
/** Enough for every list to be full: a short answer would be compared with a long one. */
const FEW = 1500;
const CALLS = quick ? 30 : 300;

interface Place {
  readonly url: string;
  readonly runIds: readonly string[];
}

const ask = async (door: DevDoor, body: string, expected: string): Promise<string | null> => {
  const said = { from: 'ana', conversation: 'ops-0', body };
  const { intentType, runId } = await door.say(said);
  if (intentType !== expected) throw new Error(`"${body}" was read as ${intentType}`);
  return runId;
};

type Question = (door: DevDoor, place: Place, turn: number) => Promise<unknown>;

/** A run from anywhere in the past, another one each time. */
const someRun = ({ runIds }: Place, turn: number): string =>
  runIds[Math.floor(((turn * 0.618_033_988_75) % 1) * runIds.length)] ?? '';

const QUESTIONS: Readonly<Record<string, Question>> = {
  '/ops': (door) => ask(door, 'ops', 'Ops'),
  'status ID': (door, place, turn) => ask(door, `status ${someRun(place, turn)}`, 'Status'),
  runs: (door) => ask(door, 'runs', 'Runs'),
  'runs failed': (door) => ask(door, 'runs failed', 'Runs'),
  'runs mine': (door) => ask(door, 'runs mine', 'Runs'),
  'why ID': (door, place, turn) => ask(door, `why ${someRun(place, turn)}`, 'Why'),
  'run, then yes': async (door) => {
    const runId = await ask(door, 'run demo', 'RunJob');
    await ask(door, `yes ${runId}`, 'ApproveRun');
  },
};

interface Row {
  readonly dialect: Dialect;
  readonly question: string;
  readonly few: Spread;
  readonly many: Spread;
  readonly ratio: number;
}

const compare = async (dialect: Dialect, few: Place, many: Place): Promise<readonly Row[]> => {
  const places = await Promise.all(
    [few, many].map(async (place) => {
      const env = { DATABASE_URL: place.url, WORKER: 'separate' };
      const program = await startProgram({ folder: await freshFolder(), env });
      return { place, program, door: devDoor(program.url, 1) };
    }),
  );
  try {
    const rows: Row[] = [];
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const samples: number[][] = places.map(() => []);
      for (let turn = -20; turn < CALLS; turn += 1) {
        for (const [which, { door, place }] of places.entries()) {
          const asked = performance.now();
          await question(door, place, turn + 20);
          if (turn >= 0) samples[which]?.push(performance.now() - asked);
        }
      }
      const [fewTimes = [], manyTimes = []] = samples;
      const ratio = rounded(median(manyTimes) / median(fewTimes));
      rows.push({ dialect, question: name, few: spreadOf(fewTimes), many: spreadOf(manyTimes), ratio });
    }
    return rows;
  } finally {
    for (const { door } of places) door.close();
    await Promise.all(places.map(({ program }) => program.stop()));
  }
};

const sizesGb = async (sqliteUrl: string, pgUrl: string): Promise<Readonly<Record<Dialect, number>>> => {
  await using pg = await observe(pgUrl);
  const file = await stat(sqliteUrl.slice('file:'.length));
  const bytes = await pg.number('select pg_database_size(current_database())');
  return { SQLite: rounded(file.size / 1e9), PostgreSQL: rounded(bytes / 1e9) };
};

await using databases = openDatabases();
const folder = await freshFolder();
const fresh = (): Promise<readonly [string, string]> =>
  Promise.all([databases.fresh('SQLite', folder), databases.fresh('PostgreSQL', folder)]);
const few = await fresh();
const many = await fresh();
await Promise.all(few.map((url) => seed(url, FEW)));
// Both at once, one on each core.
const seedMs = await Promise.all(many.map((url) => seed(url, MANY)));
for (const url of [few[1], many[1]]) {
  await using database = await observe(url);
  // Autovacuum would do it within minutes.
  await database.run('analyze');
}
const rows: Row[] = [];
for (const [which, dialect] of DIALECTS.entries()) {
  const place = (urls: readonly string[], count: number): Place => ({
    url: urls[which] ?? '',
    runIds: seededIds(count),
  });
  rows.push(...(await compare(dialect, place(few, FEW), place(many, MANY))));
}
const sizes = await sizesGb(...many);
await publish({
  name: 'history',
  title: `${MANY.toLocaleString('en')} finished runs behind`,
  head: [
    'database',
    'asked',
    `p50 ms with ${FEW} runs`,
    `with ${MANY.toLocaleString('en')}`,
    'ratio of medians',
  ],
  rows: rows.map(({ dialect, question, few: a, many: b, ratio }) => [
    dialect,
    question,
    a.p50,
    b.p50,
    `**${ratio}**`,
  ]),
  notes: [
    `${CALLS} calls each, over HTTP, both databases asked in turns. Seeded with ${MANY.toLocaleString('en')} runs, their ` +
      `events with chain links, messages in and out, and outputs, by the real rules and commits, both databases at ` +
      `once: ${DIALECTS.map((dialect, which) => `${dialect} ${seconds(seedMs[which] ?? 0).toFixed(0)} s, ${sizes[dialect]} GB`).join('; ')}.`,
  ],
  raw: { rows, seedMs, sizesGb: sizes },
});
