import { DIALECTS, type Dialect, openDatabases } from './databases.ts';
import { BRIDGE, openGate } from './gate.ts';
import { devDoor } from './http-load.ts';
import { watchLog } from './log-watch.ts';
import { pause, type Spread, spreadOf } from './measure.ts';
import { freshFolder, type Program, startProgram } from './program.ts';
import { publish, quick } from './report.ts';

// One run at a time on an idle system: from the commit of the approval to the recorded start, and to its end.

const RUNS = quick ? 10 : 150;

interface Measured {
  readonly dialect: Dialect;
  readonly worker: 'in-process' | 'separate';
  readonly started: Spread;
  readonly answeredToStarted: Spread;
  readonly finished: Spread;
}

const measure = async (dialect: Dialect, worker: Measured['worker'], url: string): Promise<Measured> => {
  const env = { DATABASE_URL: url, WORKER: worker };
  const { onLog, seen } = watchLog();
  const folder = await freshFolder();
  const program = await startProgram({ folder, env, onLog });
  if (dialect === 'PostgreSQL' && worker === 'separate') await openGate(url, BRIDGE);
  const workers: readonly Program[] =
    worker === 'separate' ? [await startProgram({ folder, env, command: 'worker', onLog })] : [];
  const door = devDoor(program.url, 1);
  const said = { from: 'ana', conversation: 'ops' };
  const samples: { readonly asked: number; readonly approved: number; started: number; ended: number }[] = [];
  try {
    // The first few warm the code up; they are not counted.
    for (let run = -5; run < RUNS; run += 1) {
      const { runId } = await door.say({ ...said, body: 'run demo' });
      if (runId === null) throw new Error('no run was made');
      // Spread over the polling interval, so that a poll that happens to be near does not flatter the figure.
      await pause((Math.abs(run) * 37) % 100);
      const asked = performance.now();
      await door.say({ ...said, body: `yes ${runId}` });
      const [approved, started, ended] = await Promise.all([
        seen('run.approved', runId),
        seen('execution.started', runId),
        seen('execution.succeeded', runId),
      ]);
      if (run >= 0) samples.push({ asked, approved, started, ended });
    }
  } finally {
    door.close();
    await Promise.all([...workers, program].map((one) => one.stop()));
  }
  return {
    dialect,
    worker,
    started: spreadOf(samples.map(({ asked, started }) => started - asked)),
    answeredToStarted: spreadOf(samples.map(({ approved, started }) => Math.max(0, started - approved))),
    finished: spreadOf(samples.map(({ asked, ended }) => ended - asked)),
  };
};

const all: Measured[] = [];
await using databases = openDatabases();
for (const dialect of DIALECTS) {
  for (const worker of ['in-process', 'separate'] as const) {
    all.push(await measure(dialect, worker, await databases.fresh(dialect, await freshFolder())));
  }
}
const ms = ({ p50, p99 }: Spread): string => `${p50} / ${p99}`;
await publish({
  name: 'pickup',
  title: 'From yes to a running job',
  head: [
    'database',
    'worker',
    'approval committed → start committed',
    'yes sent → start',
    'yes sent → finished',
  ],
  rows: all.map(({ dialect, worker, started, answeredToStarted, finished }) => [
    dialect,
    worker,
    `**${ms(answeredToStarted)}**`,
    ms(started),
    ms(finished),
  ]),
  notes: [
    `Milliseconds, p50 / p99 of ${RUNS} runs of the demo job, one at a time. Read off the log of the processes as it arrives.`,
  ],
  raw: all,
});
