import { DIALECTS, type Dialect, observe, openDatabases } from './databases.ts';
import { closedLoop, devDoor } from './http-load.ts';
import { type Rounds, roundsOf, seconds, until } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick } from './report.ts';

// Two workers in processes of their own on one queue of approved jobs: each job once, and how fast.

const JOBS = quick ? 100 : 1000;
const ROUNDS = quick ? 1 : 3;
/** The default, and enough to keep both cores busy. */
const SLOTS = [4, 32] as const;

interface Round {
  readonly perSecond: number;
  readonly executions: number;
  readonly runs: number;
}

const measure = async (url: string, slots: number): Promise<Round> => {
  const folder = await freshFolder();
  const env = { DATABASE_URL: url, WORKER: 'separate', WORKER_CONCURRENCY: String(slots) };
  const program = await startProgram({ folder, env });
  const door = devDoor(program.url, 32);
  const said = { from: 'ana', conversation: 'ops' };
  await closedLoop(32, JOBS, async () => {
    const { runId } = await door.say({ ...said, body: 'run demo' });
    await door.say({ ...said, body: `yes ${runId}` });
  });
  door.close();
  await using database = await observe(url);
  const startWorker = () => startProgram({ folder, env, command: 'worker' });
  const workers = await Promise.all([startWorker(), startWorker()]);
  try {
    const first = "select min(at) from events where type = 'ExecutionStarted'";
    const ended = "select count(*) from runs where status = 'Succeeded'";
    await until('all jobs done', async () => (await database.number(ended)) >= JOBS, { everyMs: 50 });
    const took =
      (await database.number("select max(at) from events where type = 'ExecutionSucceeded'")) -
      (await database.number(first));
    return {
      perSecond: JOBS / seconds(took),
      executions: await database.number("select count(*) from events where type = 'ExecutionStarted'"),
      runs: await database.number("select count(distinct chain) from events where type = 'ExecutionStarted'"),
    };
  } finally {
    await Promise.all([...workers, program].map((one) => one.stop()));
  }
};

interface Measured {
  readonly dialect: Dialect;
  readonly slots: number;
  readonly perSecond: Rounds;
  readonly rounds: readonly Round[];
}

const all: Measured[] = [];
await using databases = openDatabases();
for (const dialect of DIALECTS) {
  for (const slots of SLOTS) {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measure(await databases.fresh(dialect, await freshFolder()), slots));
    }
    all.push({ dialect, slots, perSecond: roundsOf(rounds.map(({ perSecond }) => perSecond)), rounds });
  }
}
await publish({
  name: 'workers',
  title: `Two workers, ${JOBS} jobs`,
  head: ['database', 'slots each', 'jobs/s (rounds)', 'executions', 'distinct runs'],
  rows: all.map(({ dialect, slots, perSecond: { median, min, max }, rounds }) => [
    dialect,
    slots,
    `**${median}** (${min}–${max})`,
    rounds.map(({ executions }) => executions).join(', '),
    rounds.map(({ runs }) => runs).join(', '),
  ]),
  notes: [
    'The demo job, from the first recorded start to the last recorded end. A job is a claim, a recorded start and a ' +
      'recorded end with its message, each durable before the next.',
  ],
  raw: all,
});
if (all.some(({ rounds }) => rounds.some(({ executions, runs }) => executions !== JOBS || runs !== JOBS))) {
  throw new Error('a job was executed twice or not at all');
}
