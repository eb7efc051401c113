import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { telegramAdapter } from '../../src/bot/telegram/start.ts';
import { openStore } from '../../src/db/open.ts';
import { alone } from '../alone.ts';
import { DATABASES, freshDatabaseUrl } from '../e2e/databases.ts';
import { marking, pidsOf, running } from '../e2e/marking-jobs.ts';
import { freshFolder, runThatIs, say, startProgram, until } from '../e2e/program.ts';
import { textops } from '../e2e/textops.ts';
import type { Fault } from '../fakes/telegram/faults.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { seeded } from '../seeded.ts';
import { record } from './evidence.ts';
import { sized } from './size.ts';

// Failures that everybody meets sooner or later, each on purpose, with what has to come of it.

const BURSTS = sized(40, 1000);
const FAULTS: readonly Fault[] = [
  'hang_before',
  'hang_after',
  'drop_before',
  'drop_after',
  'truncated',
  { status: 502 },
  { status: 500 },
];
/** A poll that has not ended by then is given up; in the program it is 35 s. */
const POLL_MS_MAX = 150;

test(`polls that time out in bursts: after ${BURSTS} of them every message has come in, once`, async () => {
  await using fake = await startFakeTelegram({ quirks: false });
  const ana = fake.addUser({ firstName: 'Ana', id: 1001 });
  const store = await openStore({ url: ':memory:' });
  onTestFinished(() => store.close());
  const adapter = telegramAdapter({
    token: fake.token,
    apiRoot: fake.url,
    observe: () => undefined,
    now: Date.now,
    clock: () => performance.now(),
    onDeaf: () => undefined,
    onlyOne: alone,
    times: {
      pollSeconds: 0,
      clientSeconds: POLL_MS_MAX / 1000,
      retryMs: 5,
      between: { pauseMsMin: 5, pauseMsMax: 20, jitter: 'none' },
    },
  });
  await adapter.start(async (batch) => void (await store.inbox.accept(batch, await store.now())));
  onTestFinished(() => adapter.drain(2000));
  const stored = async (): Promise<number> => (await store.reader.figures(await store.now())).openInbox;
  const chance = seeded(41);
  const tookMs: number[] = [];
  let faults = 0;
  for (let burst = 1; burst <= BURSTS; burst += 1) {
    const length = 1 + Math.floor(chance() * 4);
    for (let one = 0; one < length; one += 1) {
      fake.nextFault('getUpdates', FAULTS[Math.floor(chance() * FAULTS.length)] ?? 'drop_before');
    }
    faults += length;
    const began = performance.now();
    ana.tells(`message ${burst}`);
    const cameIn = await until(async () => (await stored()) >= burst, 20_000).catch(() => false);
    if (cameIn) tookMs.push(performance.now() - began);
  }
  const rate = tookMs.length / BURSTS;
  expect(rate).toBeGreaterThanOrEqual(0.995);
  expect(await stored()).toBe(BURSTS);
  await record('polls that time out in bursts', {
    bursts: BURSTS,
    faults,
    recovered: tookMs.length,
    rate,
    worstMs: Math.round(Math.max(...tookMs)),
  });
});

describe.each(DATABASES)('on %s', (kind) => {
  const COMMANDS = sized(20, 500);
  const COPIES = 5;

  test(`${COMMANDS} commands come ${COPIES} times each, at once and later: each has its effect once`, async () => {
    const folder = await freshFolder();
    const url = await freshDatabaseUrl(kind, folder);
    const program = await startProgram(folder, { DATABASE_URL: url, LOG_LEVEL: 'error' });
    const tells = (body: string, providerMessageId: string) => say(program, body, { providerMessageId });
    let made = 0;
    let repeats = 0;
    for (let command = 0; command < COMMANDS; command += 1) {
      const copies = await Promise.all(
        Array.from({ length: COPIES }, () => tells('run demo', `run-${command}`)),
      );
      const ids = copies.flatMap(({ runId }) => runId ?? []);
      expect(ids).toHaveLength(1);
      const yes = await Promise.all(
        Array.from({ length: COPIES }, () => tells(`yes ${ids[0]}`, `yes-${command}`)),
      );
      expect(yes.filter(({ outbound }) => outbound.length > 0)).toHaveLength(1);
      // Long after it was answered.
      expect(await tells(`yes ${ids[0]}`, `yes-${command}`)).toMatchObject({ runId: null, outbound: [] });
      const { events } = await runThatIs(program, ids[0] ?? '', 'Succeeded');
      expect(events).toHaveLength(6);
      made += 1;
      repeats += 2 * (COPIES - 1) + 1;
    }
    expect(await program.stop()).toBe(0);
    expect((await textops(folder, url, 'audit', 'verify')).code).toBe(0);
    await record(`commands that come again, ${kind}`, { commands: made, repeats, doubled: 0 });
  });

  const RESTARTS = sized(1, 20);

  test(`the program is killed while jobs run, ${RESTARTS} times: what may run again does, and the rest is asked about`, {
    timeout: RESTARTS * 60_000,
  }, async () => {
    const first = (job: string) => marking(job, 'if (starts % 2 === 1) setInterval(() => {}, 1000)');
    const folder = await freshFolder(`
jobs:
  again: { effects: idempotent, command: ${first('again')} }
  once: { command: ${first('once')} }
`);
    const env = { DATABASE_URL: await freshDatabaseUrl(kind, folder), LEASE_MS: '4000' };
    let program = await startProgram(folder, env);
    const begun = async (job: string, starts: number): Promise<string> => {
      const { runId } = await say(program, `run ${job}`);
      await say(program, `yes ${runId}`);
      await until(async () => (await pidsOf(folder, job)).length === starts, 20_000);
      return String(runId);
    };
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      const again = await begun('again', 2 * restart + 1);
      const once = await begun('once', 2 * restart + 1);
      await program.kill();
      program = await startProgram(folder, env);
      const rerun = await runThatIs(program, again, 'Succeeded');
      expect(rerun.events.slice(5).map(({ type }) => type)).toEqual([
        'ExecutionLost',
        'ExecutionRetried',
        'ExecutionStarted',
        'ExecutionSucceeded',
      ]);
      const asked = await runThatIs(program, once, 'AwaitingApproval');
      expect(asked.events.slice(5).map(({ type }) => type)).toEqual(['ExecutionLost', 'ApprovalRequested']);
      await say(program, `yes ${once}`);
      await runThatIs(program, once, 'Succeeded');
      expect([(await pidsOf(folder, 'again')).length, (await pidsOf(folder, 'once')).length]).toEqual([
        2 * restart + 2,
        2 * restart + 2,
      ]);
    }
    expect(await program.stop()).toBe(0);
    await record(`a restart while jobs run, ${kind}`, {
      restarts: RESTARTS,
      rerun: RESTARTS,
      asked: RESTARTS,
      startedTwice: 0,
    });
  });

  const REPORTS = sized(1, 20);
  /** Longer than a statement waits for anybody, so that the first report fails, and far shorter than a lease. */
  const BUSY_MS = 7000;

  test(`a job succeeds and its report cannot be stored, ${REPORTS} times: it is stored later, and nothing runs again`, {
    timeout: REPORTS * 60_000,
  }, async () => {
    const command = marking(
      'job',
      "const wait = setInterval(() => { if (fs.existsSync('go-' + starts)) { console.log('the one result'); clearInterval(wait); fs.writeFileSync('done-' + starts, ''); } }, 20)",
    );
    const folder = await freshFolder(`jobs: { job: { command: ${command} } }\n`);
    const url = await freshDatabaseUrl(kind, folder);
    const program = await startProgram(folder, { DATABASE_URL: url });
    for (let round = 1; round <= REPORTS; round += 1) {
      const { runId } = await running(program, folder, 'job');
      await until(async () => (await pidsOf(folder, 'job')).length === round, 20_000);
      await runThatIs(program, runId, 'Running');
      const lock = await lockRuns(url);
      await ends(folder, round);
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      await lock.release();
      const { run, events } = await runThatIs(program, runId, 'Succeeded');
      expect(run.summary).toBe('the one result');
      expect(events).toHaveLength(6);
      expect(await pidsOf(folder, 'job')).toHaveLength(round);
    }
    const failures = program.output().split('worker-report met a fault').length - 1;
    expect(failures).toBeGreaterThanOrEqual(REPORTS);
    expect(await program.stop()).toBe(0);
    await record(`a report that could not be stored at first, ${kind}`, {
      reports: REPORTS,
      failures,
      storedTwice: 0,
      startedTwice: 0,
    });
  });
});

/** The job ends, and is seen to have ended. */
const ends = async (folder: string, round: number): Promise<void> => {
  await writeFile(join(folder, `go-${round}`), '');
  await until(
    () =>
      readFile(join(folder, `done-${round}`), 'utf8').then(
        () => true,
        () => false,
      ),
    20_000,
  );
};

/** Somebody else holds on to what a report has to change. */
const lockRuns = async (url: string): Promise<{ readonly release: () => Promise<void> }> => {
  if (url.startsWith('file:')) {
    const db = new Database(url.slice('file:'.length));
    db.exec('begin immediate');
    return {
      release: () => {
        db.exec('rollback');
        db.close();
        return Promise.resolve();
      },
    };
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query('lock table runs in exclusive mode');
  return {
    release: async () => {
      await client.query('rollback');
      await client.end();
    },
  };
};
