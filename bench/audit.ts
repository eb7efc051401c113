import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { walkInThreads } from '../src/cli/walk-threads.ts';
import { sealHistory } from '../src/core/flows/history/seal-history.ts';
import { verifyHistory } from '../src/core/flows/history/verify-history.ts';
import { openStore } from '../src/db/open.ts';
import { verifier } from '../src/seals/ed25519.ts';
import { openSealKey } from '../src/seals/key-file.ts';
import { readSealFile, sealFile } from '../src/seals/seal-file.ts';
import { DIALECTS, type Dialect, openDatabases } from './databases.ts';
import { rounded, roundsOf } from './measure.ts';
import { freshFolder } from './program.ts';
import { publish, quick } from './report.ts';

// How long `textops audit verify` takes for a long, sealed history: everything that it checks, in a process of its own.

const RUNS = quick ? 1000 : 100_000;
const ROUNDS = quick ? 2 : 5;

interface Round {
  readonly events: number;
  /** Of all threads of the process; what the others do to the machine shows only in `ms`. */
  readonly cpuMs: number;
  readonly ms: number;
  /** The same number of hashes of as many bytes, and nothing else, right before. */
  readonly hashCpuMs: number;
}

interface Child {
  readonly rounds: readonly Round[];
  readonly rssMb: number;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const measured = async (
  work: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly cpu: number }> => {
  const [began, cpu] = [performance.now(), cpuMs()];
  await work();
  return { ms: performance.now() - began, cpu: cpuMs() - cpu };
};

/** About what an event comes to, with the hash before it. */
const BYTES = 420;

const hashes = async (count: number): Promise<void> => {
  let previous = '0'.repeat(64);
  const rest = 'x'.repeat(BYTES - previous.length);
  for (let done = 0; done < count; done += 1) previous = hash('sha256', `${previous}${rest}`, 'hex');
};

/** Verifies some times over and answers what it took; in a process of its own, so that nothing else is counted. */
const child = async (url: string, sealsPath: string): Promise<Child> => {
  const store = await openStore({ url, migrate: false });
  const file = await readSealFile(sealsPath);
  if (file === undefined) throw new Error('nothing was published');
  const checks = { verifies: verifier(), keys: file.keys, published: file.seals, publishedIn: 'seals.log' };
  const rounds: Round[] = [];
  let events = 1000;
  for (let round = -1; round < ROUNDS; round += 1) {
    const alone = await measured(() => hashes(events));
    const whole = await measured(async () => {
      const verdict = await verifyHistory(store, checks, walkInThreads(url, availableParallelism()));
      if (verdict.fault !== undefined || verdict.unsealed > 0) throw new Error('the history does not hold');
      events = verdict.events;
    });
    // The first one finds nothing compiled yet.
    if (round >= 0) rounds.push({ events, cpuMs: whole.cpu, ms: whole.ms, hashCpuMs: alone.cpu });
  }
  await store.close();
  return { rounds, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) };
};

const sealAll = async (url: string, folder: string): Promise<string> => {
  const store = await openStore({ url });
  const path = join(folder, `seals-${url.startsWith('file:') ? 'sqlite' : 'pg'}.log`);
  const seal = sealHistory({
    store,
    signer: await openSealKey(join(folder, 'seal.key')),
    verifies: verifier(),
    file: sealFile(path),
    observe: nobody,
    chat: nobody,
  });
  while ((await seal('now')) === 'busy');
  await store.close();
  return path;
};

const nobody = (): undefined => undefined;

const perSecond = (rounds: readonly Round[], of: (round: Round) => number) =>
  roundsOf(rounds.map((round) => round.events / (of(round) / 1000)));

const cell = ({ median, min, max }: ReturnType<typeof roundsOf>): string =>
  `**${median.toLocaleString('en')}** (${min.toLocaleString('en')}–${max.toLocaleString('en')})`;

const rowOf = (dialect: Dialect, { rounds, rssMb }: Child): readonly (string | number)[] => {
  const ratios = rounds.map(({ cpuMs: all, hashCpuMs }) => all / hashCpuMs);
  return [
    dialect,
    (rounds[0]?.events ?? 0).toLocaleString('en'),
    cell(perSecond(rounds, (round) => round.cpuMs)),
    cell(perSecond(rounds, (round) => round.hashCpuMs)),
    `${rounded(roundsOf(ratios).median)} : 1`,
    perSecond(rounds, (round) => round.ms).median.toLocaleString('en'),
    rssMb,
  ];
};

const run = promisify(execFile);

const main = async (): Promise<void> => {
  await using databases = openDatabases();
  const folder = await freshFolder();
  const results: { dialect: Dialect; child: Child }[] = [];
  for (const dialect of DIALECTS) {
    const url = await databases.fresh(dialect, folder);
    await run(process.execPath, [join(import.meta.dirname, 'seed-runs.ts'), url, String(RUNS)]);
    const seals = await sealAll(url, folder);
    const { stdout } = await run(process.execPath, [
      import.meta.filename,
      'child',
      url,
      seals,
      ...process.argv.slice(2),
    ]);
    results.push({ dialect, child: JSON.parse(stdout) as Child }); // what the child has just written
  }
  await publish({
    name: 'audit',
    title: 'Verifying a history',
    head: [
      'database',
      'events',
      'events per second of CPU time',
      'hashes alone',
      'verifying : hashing',
      'per second on the clock',
      'peak memory (MB)',
    ],
    rows: results.map((result) => rowOf(result.dialect, result.child)),
    notes: [
      `${ROUNDS} rounds over ${RUNS.toLocaleString('en')} sealed runs, each right after as many SHA-256 of ${BYTES} bytes as there are ` +
        'events, which is what no verification can do without. All that `textops audit verify` checks: links, numbers, states folded ' +
        'from events, columns, seals, signatures, coverage, published seals. CPU time is that of the process that verifies; ' +
        'PostgreSQL works in processes of its own.',
    ],
    raw: results,
  });
};

const [mode, url = '', seals = ''] = process.argv.slice(2);
if (mode === 'child') console.log(JSON.stringify(await child(url, seals)));
else await main();
