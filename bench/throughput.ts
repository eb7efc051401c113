import { DIALECTS, type Dialect, observe, openDatabases } from './databases.ts';
import { closedLoop, devDoor, openLoop } from './http-load.ts';
import { type Rounds, roundsOf, type Spread, seconds, spreadOf } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick } from './report.ts';

// Messages that each make a run: stored, decided, committed with their reply, and only then answered.

const CALLERS = 64;
const ROUNDS = 3;
const MESSAGES = quick ? 640 : 9600;
const WARM_UP = quick ? 64 : 2000;
const PACED_MS = quick ? 1000 : 8000;

interface Measured {
  readonly dialect: Dialect;
  readonly worker: 'separate' | 'in-process';
  readonly perSecond: Rounds;
  readonly atFull: Spread;
  readonly at10: Spread;
  readonly atHalf: Spread & { readonly perSecond: number };
}

const measure = async (dialect: Dialect, worker: Measured['worker'], url: string): Promise<Measured> => {
  const folder = await freshFolder();
  const program = await startProgram({ folder, env: { DATABASE_URL: url, WORKER: worker } });
  const door = devDoor(program.url, CALLERS);
  let said = 0;
  const say = async (): Promise<void> => {
    said += 1;
    const { runId } = await door.say({ from: 'ana', conversation: `ops-${said % 500}`, body: 'run demo' });
    if (runId === null) throw new Error('a request made no run');
  };
  try {
    await closedLoop(CALLERS, WARM_UP, say);
    const rates: number[] = [];
    const latencies: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const load = await closedLoop(CALLERS, MESSAGES, say);
      rates.push(load.count / seconds(load.ms));
      latencies.push(...load.latencies);
    }
    const perSecond = roundsOf(rates);
    const at10 = spreadOf((await openLoop(10, PACED_MS, say)).latencies);
    const half = Math.round(perSecond.median / 2);
    const atHalf = { ...spreadOf((await openLoop(half, PACED_MS, say)).latencies), perSecond: half };
    await assertStored(url, said);
    return { dialect, worker, perSecond, atFull: spreadOf(latencies), at10, atHalf };
  } finally {
    door.close();
    await program.stop();
  }
};

/** Every message that was answered left its mark, its run and its reply, or the rate means nothing. */
const assertStored = async (url: string, said: number): Promise<void> => {
  await using database = await observe(url);
  for (const table of ['inbox', 'runs', 'outbox']) {
    const stored = await database.number(`select count(*) from ${table}`);
    if (stored !== said) throw new Error(`${said} messages were answered, ${table} has ${stored} rows`);
  }
};

const ms = ({ p50, p99 }: Spread): string => `${p50} / ${p99}`;

await using databases = openDatabases();
const all: Measured[] = [];
for (const dialect of DIALECTS) {
  for (const worker of ['separate', 'in-process'] as const) {
    all.push(await measure(dialect, worker, await databases.fresh(dialect, await freshFolder())));
  }
}
await publish({
  name: 'throughput',
  title: 'Accepted messages: stored, decided, committed, reply queued',
  head: [
    'database',
    'worker',
    'messages/s (rounds)',
    `p50 / p99 ms at ${CALLERS} callers`,
    'at 10/s',
    'at half of the maximum',
  ],
  rows: all.map(({ dialect, worker, perSecond, atFull, at10, atHalf }) => [
    dialect,
    worker,
    `**${perSecond.median}** (${perSecond.min}–${perSecond.max})`,
    ms(atFull),
    ms(at10),
    `${ms(atHalf)} (${atHalf.perSecond}/s)`,
  ]),
  notes: [
    `POST /dev/inbound from another process, ${CALLERS} connections, ${MESSAGES} messages a round, ${ROUNDS} rounds; ` +
      'the answer comes after the commit. SQLite with synchronous=FULL, PostgreSQL with fsync; every row is counted.',
  ],
  raw: all,
});
