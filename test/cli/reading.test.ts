import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OPS_FLAGS } from '../../src/cli/commands/ops.ts';
import { OPS_PAGES } from '../../src/cli/commands/ops-pages.ts';
import { sampleCatalog } from '../../src/config/samples.ts';
import { noRight } from '../../src/core/people/refused.ts';
import { asks, backup, bob, noon, says, starts, succeeds } from '../cast.ts';
import { cliBench, seedRun } from './cli-bench.ts';

const seeded = async () => {
  const bench = await cliBench();
  await bench.inStore(async (store) => {
    await store.catalog.replaceFileJobs(sampleCatalog().jobs, 'sample', noon);
    await seedRun(store, asks(), says.yes(bob), starts(), succeeds());
    await seedRun(store, asks(backup, { runId: 'Q2WXYZ', at: noon + 1000 }));
  });
  return bench;
};

test.each([
  [['jobs'], 'textops.jobs/v1'],
  [['schedules'], 'textops.schedules/v1'],
  [['runs'], 'textops.runs/v1'],
  [['show', 'K7M2QX'], 'textops.run/v1'],
  [['replay', 'K7M2QX'], 'textops.replay/v1'],
  [['ops'], 'textops.ops/v1'],
  ...Object.keys(OPS_PAGES).map((page): [string[], string] => [['ops', page], `textops.${page}/v1`]),
  ...OPS_FLAGS.map((flag): [string[], string] => [['ops', `--${flag}`], `textops.${flag}/v1`]),
  [['logs'], 'textops.log/v1'],
  [['check'], 'textops.check/v1'],
  [['migrate', 'status'], 'textops.migrations/v1'],
  [['config', 'explain'], 'textops.settings/v1'],
  [['audit', 'verify'], 'textops.audit/v1'],
  [['version', '--full'], 'textops.version/v1'],
])('%j answers with one document', async (argv, schema) => {
  const { run } = await seeded();
  const { code, out, err } = await run([...argv, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(out)).toEqual({ schema, data: expect.anything(), warnings: expect.any(Array) });
});

test('a run is made again from its events alone, and compared with the stored one', async () => {
  const { run } = await seeded();
  expect((await run(['replay', 'k7m2qx'])).out).toContain(
    'K7M2QX made again from 6 events: equal to the stored run, chain whole',
  );
  expect((await run(['replay', 'ZZZZZ9'])).code).toBe(3);
});

test('a page of the board is asked for by the word of the chat, four by a flag; another word names them', async () => {
  const { textops } = await seeded();
  for (const page of Object.keys(OPS_PAGES)) {
    const { out, code } = await textops('ops', page);
    expect([page, code, out]).toEqual([page, 0, expect.stringMatching(/\S\n$/)]);
  }
  for (const flag of OPS_FLAGS) {
    expect((await textops('ops', `--${flag}`)).out).toBe((await textops('ops', flag)).out);
  }
  expect((await textops('ops', 'queues')).out).toMatch(/^waiting: 0 ready/);
  expect((await textops('ops', 'config')).out).toMatch(/^database: SQLite$/m);
  const wrong = await textops('ops', 'queue');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('There is no page "queue". There are: states, queues, workers, nodes');
});

test('a list is a list in data', async () => {
  const { document } = await seeded();
  expect((await document('jobs')).data).toHaveLength(5);
  expect((await document('runs')).data).toMatchObject([
    { runId: 'Q2WXYZ', status: 'AwaitingApproval', jobKey: 'backup', createdAt: '2026-11-21T12:00:01.000Z' },
    { runId: 'K7M2QX', status: 'Succeeded' },
  ]);
});

test('the board tells how often somebody was refused, and why', async () => {
  const { inStore, textops } = await cliBench();
  await inStore(async () => undefined);
  expect((await textops('ops', '--refusals')).out).toBe('Nothing was refused in the last 7 days.\n');
  await inStore(async (store) => {
    const upkeep = [{ kind: 'refusal_counted', refused: noRight('stranger'), times: 3 }] as const;
    await store.runs.commit([{ queue: [], outbox: [], upkeep, at: await store.now() }]);
  });
  expect((await textops('ops', '--refusals')).out).toBe(
    'Not allowed (auth.refused)\nstranger  3 in 24h, 3 in 7d\n',
  );
  expect(JSON.parse((await textops('ops', '--refusals', '--json')).out)).toMatchObject({
    data: [{ kind: 'auth_refused', reason: 'stranger', day: 3, week: 3 }],
  });
});

test('the board tells which process does what only one does', async () => {
  const { inStore, textops } = await cliBench();
  await inStore(async (store) => {
    const at = await store.now();
    await store.leases.take({ name: 'ticks', holder: 'box-k3x9', place: '', at, until: at + 60_000 });
    await store.leases.take({ name: 'poller:telegram:7', holder: 'box-k3x9', place: '', at, until: at });
  });
  const { out } = await textops('ops', '--ticks');
  expect(out).toMatch(/^🔴 poller:telegram:7: nobody .+\n🟢 ticks: box-k3x9, for \S+, fence 1\n$/);
  const document = JSON.parse((await textops('ops', '--ticks', '--json')).out) as { data: unknown };
  expect(document.data).toMatchObject([
    { name: 'poller:telegram:7', isHeld: false, until: null },
    { name: 'ticks', holder: 'box-k3x9', isHeld: true, fence: 1, until: expect.any(String) },
  ]);
});

test('a demo job runs no command, so there is no row for one', async () => {
  const { inStore, textops } = await cliBench();
  const spec = { ...backup.spec, target: { kind: 'demo', behaviour: 'succeed' } as const };
  await inStore((store) => seedRun(store, asks({ ...backup, spec })));
  expect((await textops('show', 'K7M2QX')).out).toMatch(/^job {5}.+\ndigest /m);
});

test('a run comes with its history', async () => {
  const { document } = await seeded();
  expect(await document('show', 'k7m2qx')).toMatchObject({
    data: {
      run: { runId: 'K7M2QX', requestedByAddress: 'dev:ana', channelId: 'dev', conversationId: 'dev:ops' },
      events: [
        'RunCreated',
        'ApprovalRequested',
        'RunApproved',
        'ExecutionDispatched',
        'ExecutionStarted',
        'ExecutionSucceeded',
      ].map((type, index) => ({ type, seq: index + 1, at: '2026-11-21T12:00:00.000Z' })),
    },
  });
});

describe('for people', () => {
  test('a run is told in words, then event by event', async () => {
    const { textops } = await seeded();
    const { out } = await textops('show', 'K7M2QX');
    expect(out).toContain('K7M2QX backup: succeeded 12:00 UTC');
    expect(out).toContain('6\tExecutionSucceeded\t2026-11-21T12:00:00.000Z\tworker:w1\n');
  });

  test('runs can be narrowed down', async () => {
    const { textops } = await seeded();
    const ids = async (...argv: readonly string[]) =>
      (await textops('runs', ...argv)).out
        .split('\n')
        .slice(1, -1)
        .map((line) => line.slice(0, 6));
    expect(await ids()).toEqual(['Q2WXYZ', 'K7M2QX']);
    expect(await ids('--status', 'succeeded,failed')).toEqual(['K7M2QX']);
    expect(await ids('--job', 'nothing')).toEqual([]);
    expect(await ids('-n', '1')).toEqual(['Q2WXYZ']);
  });

  test('runs of the last while only', async () => {
    const { inStore, textops } = await cliBench();
    const anHourAgo = Date.now() - 3_600_000;
    await inStore((store) => seedRun(store, asks(backup, { at: anHourAgo })));
    expect((await textops('runs', '--since', '2h')).out).toContain('K7M2QX');
    expect((await textops('runs', '--since', '30m')).out).not.toContain('K7M2QX');
  });

  test('a full page says that there is more, unless it shall be quiet', async () => {
    const { textops } = await seeded();
    expect((await textops('runs', '-n', '1')).err).toContain('more with --limit');
    expect((await textops('runs', '-n', '1', '--quiet')).err).toBe('');
  });

  test('on a terminal columns stand in line, in a pipe there are tabs', async () => {
    const { run, textops } = await seeded();
    expect((await textops('jobs')).out.split('\n')[0]).toBe('JOB\tVERSION\tFROM\tRUNS\tAPPROVAL\tTITLE');
    const out: string[] = [];
    await run(['jobs'], { stdout: { write: (text) => out.push(text), isTTY: true } });
    const columns = out
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => line.search(/1 of|APPROVAL/));
    expect(new Set(columns).size).toBe(1);
  });

  test('the board tells its verdict first', async () => {
    const { textops } = await seeded();
    const { out } = await textops('ops');
    expect(out).toMatch(/^✅ OK · dev · \d\d:\d\d UTC\nqueue /);
    // Only the running process knows its channels.
    expect(out).not.toContain('channels');
    expect((await textops('ops', '--states')).out).toContain('Denied (CANCELED) → nothing; it is final');
  });
});

test('a database that is behind is reported and then brought up to date', async () => {
  const { cwd, textops, document } = await cliBench();
  await mkdir(join(cwd, 'data'));
  await writeFile(join(cwd, 'data/textops.db'), '');
  expect(await document('migrate', 'status')).toMatchObject({
    data: { applied: [], pending: expect.any(Array) },
  });
  expect(await textops('runs')).toMatchObject({
    code: 4,
    err: expect.stringContaining('run textops migrate'),
  });
  expect((await textops('migrate')).out).toMatch(/^applied 0000_/);
  expect((await textops('migrate')).out).toContain('is up to date');
  expect((await textops('migrate', 'status')).out).not.toContain('pending');
});

test('the schema of the file is the bare document, ready to be saved', async () => {
  const { textops } = await cliBench();
  const schema: unknown = JSON.parse((await textops('config', 'schema')).out);
  expect(schema).toMatchObject({
    $schema: expect.stringContaining('2020-12'),
    properties: { jobs: expect.anything(), schedules: expect.anything(), people: expect.anything() },
  });
});
