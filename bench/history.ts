import { stat } from 'node:fs/promises';
import { DIALECTS, type Dialect, observe, openDatabases } from './databases.ts';
import { type DevDoor, devDoor } from './http-load.ts';
import { median, rounded, type Spread, seconds, spreadOf } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick } from './report.ts';
import { seed } from './seed.ts';
import { seededIds } from './seed-runs.ts';

// The same questions to a database with a million finished runs, to one with a handful and to an empty one, turn by turn.

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

interface Question {
  /** There has to be a run to ask about; the empty database then has exactly one. */
  readonly ofRun?: true;
  readonly put: (door: DevDoor, place: Place, turn: number) => Promise<unknown>;
}

/** A run from anywhere in the past, another one each time. */
const someRun = ({ runIds }: Place, turn: number): string =>
  runIds[Math.floor(((turn * 0.618_033_988_75) % 1) * runIds.length)] ?? '';

/** What needs no run comes first, while the empty database is empty. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  '/ops': { put: (door) => ask(door, 'ops', 'Ops') },
  runs: { put: (door) => ask(door, 'runs', 'Runs') },
  'runs failed': { put: (door) => ask(door, 'runs failed', 'Runs') },
  'runs mine': { put: (door) => ask(door, 'runs mine', 'Runs') },
  'status ID': {
    ofRun: true,
    put: (door, place, turn) => ask(door, `status ${someRun(place, turn)}`, 'Status'),
  },
  'why ID': { ofRun: true, put: (door, place, turn) => ask(door, `why ${someRun(place, turn)}`, 'Why') },
  'run, then yes': {
    put: async (door) => {
      const runId = await ask(door, 'run demo', 'RunJob');
      await ask(door, `yes ${runId}`, 'ApproveRun');
    },
  },
};

const SIZES = ['empty', 'few', 'many'] as const;
type Size = (typeof SIZES)[number];

interface Row extends Readonly<Record<Size, Spread>> {
  readonly dialect: Dialect;
  readonly question: string;
  readonly toEmpty: number;
  readonly toFew: number;
}

type Places = Readonly<Record<Size, Place>>;

const compare = async (dialect: Dialect, places: Places): Promise<readonly Row[]> => {
  const houses = await Promise.all(
    SIZES.map(async (size) => {
      const place = places[size];
      const env = { DATABASE_URL: place.url, WORKER: 'separate' };
      const program = await startProgram({ folder: await freshFolder(), env });
      return { size, place, program, door: devDoor(program.url, 1) };
    }),
  );
  try {
    const rows: Row[] = [];
    let isEmpty = true;
    for (const [question, { ofRun, put }] of Object.entries(QUESTIONS)) {
      if (ofRun === true && isEmpty) {
        await seed(places.empty.url, places.empty.runIds.length);
        isEmpty = false;
      }
      const samples: Record<Size, number[]> = { empty: [], few: [], many: [] };
      for (let turn = -20; turn < CALLS; turn += 1) {
        for (const { size, door, place } of houses) {
          const asked = performance.now();
          await put(door, place, turn + 20);
          if (turn >= 0) samples[size].push(performance.now() - asked);
        }
      }
      rows.push(rowOf(dialect, question, samples));
    }
    return rows;
  } finally {
    for (const { door } of houses) door.close();
    await Promise.all(houses.map(({ program }) => program.stop()));
  }
};

const rowOf = (
  dialect: Dialect,
  question: string,
  { empty, few, many }: Readonly<Record<Size, readonly number[]>>,
): Row => ({
  dialect,
  question,
  empty: spreadOf(empty),
  few: spreadOf(few),
  many: spreadOf(many),
  toEmpty: rounded(median(many) / median(empty)),
  toFew: rounded(median(many) / median(few)),
});

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
const [empty, few, many] = [await fresh(), await fresh(), await fresh()];
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
  rows.push(
    ...(await compare(dialect, { empty: place(empty, 1), few: place(few, FEW), many: place(many, MANY) })),
  );
}
const sizes = await sizesGb(...many);
await publish({
  name: 'history',
  title: `${MANY.toLocaleString('en')} finished runs behind`,
  head: [
    'database',
    'asked',
    'p50 ms when empty',
    `with ${FEW} runs`,
    `with ${MANY.toLocaleString('en')}`,
    'ratio to empty',
    `ratio to ${FEW}`,
  ],
  rows: rows.map((row) => [
    row.dialect,
    row.question,
    row.empty.p50,
    row.few.p50,
    row.many.p50,
    `**${row.toEmpty}**`,
    `**${row.toFew}**`,
  ]),
  notes: [
    `Medians of ${CALLS} calls each, over HTTP, the three databases asked in turns. The empty one has exactly one run where a ` +
      `run is asked about. Seeded with ${MANY.toLocaleString('en')} runs, their ` +
      `events with chain links, messages in and out, and outputs, by the real rules and commits, both dialects at ` +
      `once: ${DIALECTS.map((dialect, which) => `${dialect} ${seconds(seedMs[which] ?? 0).toFixed(0)} s, ${sizes[dialect]} GB`).join('; ')}.`,
  ],
  raw: { rows, seedMs, sizesGb: sizes },
});
