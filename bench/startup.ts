import { DIALECTS, type Dialect, openDatabases } from './databases.ts';
import { closedLoop, devDoor } from './http-load.ts';
import { pause, type Rounds, roundsOf } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick } from './report.ts';

// A process from its spawn to its first answered message, and the memory that it then needs.

const STARTS = quick ? 2 : 7;
const MESSAGES = quick ? 500 : 10_000;
const REST_MS = quick ? 1000 : 10_000;

const hello = { from: 'ana', conversation: 'ops', body: 'help' };

/** Spawn to the answer of a first message; the database exists already unless it is new. */
const firstAnswer = async (url: string): Promise<number> => {
  const program = await startProgram({ folder: await freshFolder(), env: { DATABASE_URL: url } });
  const door = devDoor(program.url, 1);
  try {
    await door.say(hello);
    return performance.now() - program.spawnedAtMs;
  } finally {
    door.close();
    await program.stop();
  }
};

interface Measured {
  readonly dialect: Dialect;
  readonly emptyMs: number;
  readonly againMs: Rounds;
  readonly restMb: number;
  readonly busyMb: number;
}

const measure = async (dialect: Dialect, url: string): Promise<Measured> => {
  const emptyMs = await firstAnswer(url);
  const again: number[] = [];
  for (let start = 0; start < STARTS; start += 1) again.push(await firstAnswer(url));
  const program = await startProgram({ folder: await freshFolder(), env: { DATABASE_URL: url } });
  const door = devDoor(program.url, 64);
  try {
    await pause(REST_MS);
    const restMb = await program.rssMb();
    await closedLoop(64, MESSAGES, (index) =>
      door.say({ from: 'ana', conversation: `ops-${index % 500}`, body: 'run demo' }),
    );
    return {
      dialect,
      emptyMs: Math.round(emptyMs),
      againMs: roundsOf(again),
      restMb: Math.round(restMb),
      busyMb: Math.round(await program.rssMb()),
    };
  } finally {
    door.close();
    await program.stop();
  }
};

const all: Measured[] = [];
await using databases = openDatabases();
for (const dialect of DIALECTS)
  all.push(await measure(dialect, await databases.fresh(dialect, await freshFolder())));
await publish({
  name: 'startup',
  title: 'Start and memory',
  head: [
    'database',
    'spawn → first answer, empty database (ms)',
    'existing database (ms)',
    `RSS at rest after ${REST_MS / 1000} s (MB)`,
    `after ${MESSAGES} messages (MB)`,
  ],
  rows: all.map(({ dialect, emptyMs, againMs, restMb, busyMb }) => [
    dialect,
    emptyMs,
    `**${againMs.median}** (${againMs.min}–${againMs.max})`,
    restMb,
    busyMb,
  ]),
  notes: [
    'The empty database includes its migrations. One process with all doors and the in-process worker. ' +
      'The sources are run as they are; what was compiled at an earlier start is read again.',
  ],
  raw: all,
});
