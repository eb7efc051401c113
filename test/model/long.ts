// The long search: `npm run model -- --runs 10000`. The histories of the tests, as many of them as there is time for.
import { parseArgs } from 'node:util';
import { inMemory, inPostgres } from '../flows/grounds.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { withPostgres } from '../setup/with-postgres.ts';
import { checkHistories, replay } from './check.ts';
import { kept } from './kept.ts';
import { REACHABLE } from './reachable.ts';
import type { Place } from './real.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '60' },
    seed: { type: 'string' },
    path: { type: 'string' },
    replay: { type: 'string' },
    // `sqlite` alone is several times faster, and is compared with the contract only.
    on: { type: 'string', default: 'both' },
    shrink: { type: 'string', default: 'yes' },
  },
});

const reached = new Map<string, number>(REACHABLE.map((what) => [what, 0]));
const said = (line: string): void => void process.stdout.write(`${line}\n`);

/** Histories on one database: it grows slow from being emptied, and a new one costs half a second. */
const BATCH = 200;

const search = async (placesFor: () => Promise<Places>): Promise<string | undefined> => {
  const runs = Number(values.runs);
  const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  const { path, replay: replayPath } = values;
  let moves = 0;
  for (let done = 0; done < runs; done += BATCH) {
    await using places = await placesFor();
    const failure = await checkHistories({
      on: places.all,
      runs: Math.min(BATCH, runs - done),
      stepsMax: Number(values.steps),
      seed: first + done,
      shrink: values.shrink === 'no' ? 'no' : 'yes',
      ...(path === undefined ? {} : { path }),
      ...(replayPath === undefined ? {} : { replayPath }),
      onHistory: (story) => {
        moves += story.moves.length;
        for (const what of story.reached) reached.set(what, (reached.get(what) ?? 0) + 1);
      },
    });
    if (failure !== undefined || path !== undefined) return failure;
    said(`${Math.min(done + BATCH, runs)} histories, ${moves} moves, seed ${first + done}: no difference`);
  }
  return undefined;
};

interface Places extends AsyncDisposable {
  readonly all: readonly Place[];
}

const memory: Place = { name: 'SQLite in memory', settle: inMemory };

const places = async (url: string | undefined): Promise<Places> => {
  if (url === undefined) return { all: [memory], [Symbol.asyncDispose]: async () => undefined };
  const database = await freshPostgresDatabase(url);
  return {
    all: [memory, { name: 'PostgreSQL', settle: inPostgres(database.url) }],
    [Symbol.asyncDispose]: () => database.drop(),
  };
};

const replayKept = async (placesFor: () => Promise<Places>): Promise<string | undefined> => {
  await using all = await placesFor();
  for (const history of kept) {
    try {
      await replay(history, all.all);
    } catch (error) {
      return `kept: ${history.name}\n${String(error)}`;
    }
  }
  said(`${kept.length} kept histories: no difference`);
  return undefined;
};

const work = async (url?: string): Promise<void> => {
  const placesFor = (): Promise<Places> => places(url);
  const failure = (await replayKept(placesFor)) ?? (await search(placesFor));
  const counts = [...reached].toSorted(([, a], [, b]) => a - b);
  if (failure !== undefined) said(failure);
  else for (const [what, count] of counts) said(`${String(count).padStart(8)}  ${what}`);
  // Few histories cannot reach everything; many that do not have grown blind.
  const blind =
    Number(values.runs) >= 1000 && values.path === undefined && counts.some(([, count]) => count === 0);
  if (failure === undefined && blind) said('some of these were never reached');
  if (failure !== undefined || blind) process.exitCode = 1;
};

await (values.on === 'sqlite' ? work() : withPostgres('off', work));
