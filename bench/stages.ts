import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Compared, ratioOf, SLOWER_MAX, slowerOf } from './compare.ts';
import { rounded, spreadOf } from './measure.ts';
import { publish, quick } from './report.ts';
import { type Act, stageActs } from './stage-work.ts';

// What each stage of a message takes. With `--base REF` the same stages of that commit are measured in the same process, turn by
// turn, and a stage that takes a tenth longer fails: only what is measured together can be compared on a shared machine.

const ROUNDS = quick ? 20 : 200;
const BATCH_MS = quick ? 1 : 3;
const WARM_MS = quick ? 50 : 500;
/** A stage that looks slower is measured again before anybody believes it. */
const TRIES = 3;

/** About what an event and its hash are. */
const TEXT = 'x'.repeat(420);

const root = resolve(import.meta.dirname, '..');
const base = valueOf('--base');
/** `--plant decide` makes a stage slower by a third, to see that it is found out. */
const planted = valueOf('--plant');

const acts = await slowed(await stageActs(), planted);
if (base === undefined) await report(acts);
else await compare(acts, base);
process.exit();

async function report(own: Readonly<Record<string, Act>>): Promise<void> {
  const rows: (readonly (string | number)[])[] = [];
  const raw: Record<string, unknown> = {};
  for (const [stage, act] of Object.entries(own)) {
    const [samples = [], reference = []] = await inTurns([act, hash]);
    const { p50, p99 } = spreadOf(samples);
    const ratio = rounded(ratioOf(samples, reference));
    rows.push([stage, `**${p50}**`, p99, ratio]);
    raw[stage] = { p50, p99, ratio };
  }
  await publish({
    name: 'stages',
    title: 'What each stage of a message takes',
    head: ['stage', 'p50 µs', 'p99 µs', 'hashes of 420 bytes'],
    rows,
    notes: [
      `${ROUNDS} turns of at least ${BATCH_MS} ms each, a turn of SHA-256 after each of them; one figure a turn, the mean of its acts. ` +
        'decide: a whole light run, from its request to its end. commit: a new run, SQLite in memory.',
    ],
    raw,
  });
}

async function compare(own: Readonly<Record<string, Act>>, ref: string): Promise<void> {
  await withCheckout(ref, async (folder) => {
    const other = (await import(join(folder, 'bench', 'stage-work.ts')).catch(() => {
      throw new Error(`${ref} has no bench/stage-work.ts to be compared with`);
    })) as { readonly stageActs: typeof stageActs };
    const theirs = await other.stageActs();
    const known = Object.keys(own).filter((stage) => Object.hasOwn(theirs, stage));
    let left: readonly string[] = known;
    for (let attempt = 1; attempt <= TRIES && left.length > 0; attempt += 1) {
      const compared: Compared[] = [];
      for (const stage of left) {
        const [mine = [], before = []] = await inTurns([own[stage] ?? hash, theirs[stage] ?? hash]);
        compared.push({ stage, ratio: ratioOf(mine, before) });
      }
      for (const { stage, ratio } of compared)
        console.log(`${stage.padEnd(10)} ${ratio.toFixed(2)} of ${ref}`);
      left = slowerOf(compared).map(({ stage }) => stage);
      if (left.length > 0)
        console.log(`slower than ${SLOWER_MAX}: ${left.join(', ')} (try ${attempt} of ${TRIES})`);
    }
    process.exitCode = left.length > 0 ? 1 : 0;
  });
}

/** Microseconds an act, one figure a turn for each of them; who comes first changes with every turn. */
async function inTurns(pair: readonly Act[]): Promise<readonly (readonly number[])[]> {
  const counts: number[] = [];
  for (const act of pair) counts.push(await countFor(act));
  const samples = pair.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let step = 0; step < pair.length; step += 1) {
      const index = (round + step) % pair.length;
      const act = pair[index] ?? hash;
      samples[index]?.push(await timed(act, counts[index] ?? 1));
    }
  }
  return samples;
}

async function timed(act: Act, count: number): Promise<number> {
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const done = act();
    if (done instanceof Promise) await done;
  }
  return ((performance.now() - began) * 1000) / count;
}

/** So many that a turn takes long enough for the clock. By then the act has been compiled for good. */
async function countFor(act: Act): Promise<number> {
  for (const warm = performance.now() + WARM_MS; performance.now() < warm; ) await timed(act, 10);
  for (let count = 1; ; count *= 2) {
    const microseconds = (await timed(act, count)) * count;
    if (microseconds >= BATCH_MS * 1000) return count;
  }
}

function hash(): string {
  return createHash('sha256').update(TEXT).digest('hex');
}

async function withCheckout(ref: string, work: (folder: string) => Promise<void>): Promise<void> {
  const run = promisify(execFile);
  const folder = await mkdtemp(join(tmpdir(), 'textops-base-'));
  try {
    await run('git', ['worktree', 'add', '--detach', '--force', folder, ref], { cwd: root });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await work(folder);
  } finally {
    await run('git', ['worktree', 'remove', '--force', folder], { cwd: root });
    await rm(folder, { recursive: true, force: true });
  }
}

async function slowed(
  own: Readonly<Record<string, Act>>,
  stage: string | undefined,
): Promise<Readonly<Record<string, Act>>> {
  const act = stage === undefined ? undefined : own[stage];
  if (stage === undefined) return own;
  if (act === undefined) throw new Error(`there is no stage ${stage}: ${Object.keys(own).join(', ')}`);
  let turn = 0;
  const slow = (): unknown => {
    turn += 1;
    return turn % 3 === 0 ? [act(), act()].at(-1) : act();
  };
  return { ...own, [stage]: slow };
}

function valueOf(flag: string): string | undefined {
  const at = process.argv.indexOf(flag);
  return at < 0 ? undefined : process.argv[at + 1];
}
