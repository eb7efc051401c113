import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { type GuardLevel, means } from '../src/worker/process/guard-level.ts';
import { runProcess } from '../src/worker/process/run-process.ts';
import { type Spread, spreadOf } from './measure.ts';

// What each level of guard costs one job: from the call until the job runs, and until its end is known. The job is
// /bin/date, which tells when it ran. Levels take turns, so that a busy machine is unjust to all of them alike.

const ROUNDS = process.argv.includes('--quick') ? 20 : 300;
const LEVELS: readonly GuardLevel[] = ['group', 'guardian', 'namespace'];

const job = (guard: GuardLevel, mark: string) => ({
  file: '/bin/date',
  args: ['+%s%N'],
  cwd: tmpdir(),
  env: {},
  stdin: '',
  timeoutMs: 10_000,
  mark,
  guard,
});

const measure = async (guard: GuardLevel, mark: string) => {
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  const asked = performance.timeOrigin + performance.now();
  const outcome = await runProcess(job(guard, mark), hooks);
  const ended = performance.timeOrigin + performance.now();
  if (outcome.kind !== 'succeeded') throw new Error(`${guard}: ${outcome.summary}`);
  return { start: Number(outcome.output.head) / 1e6 - asked, whole: ended - asked };
};

/** What the system and node take by themselves. */
const bare = async (): Promise<number> => {
  const began = performance.now();
  await once(spawn('/bin/date', { stdio: 'ignore', detached: true }), 'exit');
  return performance.now() - began;
};

const { level, lacks } = await means();
const given = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
const samples = given.map((name) => ({ name, start: [] as number[], whole: [] as number[] }));
const alone: number[] = [];
for (let round = -10; round < ROUNDS; round += 1) {
  const plain = await bare();
  if (round >= 0) alone.push(plain);
  for (const { name, start, whole } of samples) {
    const took = await measure(name, `${name}-${round}`);
    if (round < 0) continue;
    start.push(took.start);
    whole.push(took.whole);
  }
}

const line = (name: string, { p50, p99 }: Spread) => `${name.padEnd(28)} ${p50} / ${p99} ms\n`;
process.stdout.write(`${ROUNDS} rounds, p50 / p99${lacks === undefined ? '' : `; ${lacks}`}\n`);
process.stdout.write(line('bare spawn to exit', spreadOf(alone)));
for (const { name, start, whole } of samples) {
  process.stdout.write(line(`${name}: until it runs`, spreadOf(start)));
  process.stdout.write(line(`${name}: until its end`, spreadOf(whole)));
}
