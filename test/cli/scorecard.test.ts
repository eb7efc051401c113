import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ana, asks, backup, bob, says, starts, succeeds } from '../cast.ts';
import { logRecord } from '../telemetry/log-record.ts';
import { cliBench, seedRun } from './cli-bench.ts';

const HOUR_MS = 3_600_000;

const bench = async () => {
  const made = await cliBench();
  await made.textops('migrate');
  return made;
};

interface Card {
  readonly verdict: string;
  readonly lines: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly outcome: string;
  }[];
}

const lineOf = (data: unknown, name: string) => (data as Card).lines.find((line) => line.name === name);

test('an installation without any past has too little of everything, and that is no pass', async () => {
  const { textops, document } = await bench();
  const { code, out, err } = await textops('scorecard');
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^# Scorecard\n/);
  expect(out).toContain('## Verdict: NOT ENOUGH DATA');
  const { schema, data } = await document('scorecard', '--days', '1');
  expect(schema).toBe('textops.scorecard/v1');
  expect(data).toMatchObject({ verdict: 'NOT ENOUGH DATA' });
  expect((data as Card).lines).toHaveLength(13);
});

test('the page goes into a file, and one line says how it ends', async () => {
  const { textops, cwd } = await bench();
  expect(await textops('scorecard', '--markdown', 'card.md')).toEqual({
    code: 1,
    out: 'NOT ENOUGH DATA: card.md\n',
    err: '',
  });
  expect(await readFile(join(cwd, 'card.md'), 'utf8')).toContain('## Verdict: NOT ENOUGH DATA');
  const nowhere = await textops('scorecard', '--markdown', 'no/where/card.md');
  expect(nowhere).toMatchObject({
    code: 1,
    err: expect.stringMatching(/card\.md could not be written\.\n$/),
  });
});

test('evidence counts while it is new, and broken lines are none', async () => {
  const { document, cwd } = await bench();
  const at = new Date(Date.now() - HOUR_MS).toISOString();
  const old = new Date(Date.now() - 40 * 24 * HOUR_MS).toISOString();
  const polls = { campaign: 'polls that time out in bursts', bursts: 40, recovered: 38 };
  await mkdir(join(cwd, 'evidence'));
  await writeFile(
    join(cwd, 'evidence', 'chaos.jsonl'),
    ['{"campaign":"another"}', JSON.stringify({ ...polls, at }), '{"campa'].join('\n'),
  );
  await writeFile(join(cwd, 'evidence', 'invariants.json'), JSON.stringify({ at, total: 300, failed: 0 }));
  const { data } = await document('scorecard');
  expect(lineOf(data, 'poll-recovery')).toMatchObject({ value: 95, outcome: 'PASS' });
  expect(lineOf(data, 'control-invariants')).toMatchObject({ value: 0, outcome: 'PASS' });
  await mkdir(join(cwd, 'old'));
  await writeFile(join(cwd, 'old', 'invariants.json'), JSON.stringify({ at: old, total: 300, failed: 0 }));
  const stale = await document('scorecard', '--evidence', 'old');
  expect(lineOf(stale.data, 'control-invariants')).toMatchObject({ outcome: 'NOT ENOUGH DATA' });
});

test('evidence that cannot be read ends the command', async () => {
  const { textops, cwd } = await bench();
  await mkdir(join(cwd, 'evidence', 'chaos.jsonl'), { recursive: true });
  expect(await textops('scorecard')).toMatchObject({
    code: 1,
    err: expect.stringContaining('chaos.jsonl could not be read.'),
  });
});

test('what the log tells of refusals is held against what was counted', async () => {
  const { document, cwd } = await bench();
  const record = (event: string, ms: number) =>
    JSON.stringify(logRecord({ time: new Date(ms).toISOString(), event, msg: event }));
  await mkdir(join(cwd, 'data', 'logs'), { recursive: true });
  const ago = Date.now() - HOUR_MS;
  const lines = ['process.started', 'transition_rejected', 'auth.refused'].map((event) => record(event, ago));
  // So new that it may not be counted yet.
  lines.push(record('auth.refused', Date.now()));
  await writeFile(join(cwd, 'data', 'logs', 'textops.log'), `${lines.join('\n')}\n`);
  const { data } = await document('scorecard');
  expect(lineOf(data, 'audit-score')).toMatchObject({
    outcome: 'FAIL',
    why: 'every refusal recorded: the log tells of 1 transition_rejected, the database of 0',
  });
});

/** An instance as far as the drill sees one: runs are asked for over HTTP and end in the database. */
const instance = async (answer: (body: unknown) => { readonly status: number; readonly body: unknown }) => {
  const heard: { readonly token: string | undefined; readonly key: unknown; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body: unknown = JSON.parse(text);
      heard.push({ token: request.headers.authorization, key: request.headers['idempotency-key'], body });
      const said = answer(body);
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
};

const RUNS = ['AAAAA1', 'AAAAA2', 'AAAAA3', 'AAAAA4', 'AAAAA5'] as const;

test('a drill asks five times with keys of their own, and its runs are what the scorecard reads', async () => {
  const { textops, document, inStore, cwd } = await bench();
  const at = Date.now() - 1000;
  await inStore(async (store) => {
    for (const [index, runId] of RUNS.entries()) {
      const request = asks(backup, { runId, at });
      const end = [says.yes(bob, at), starts(backup, { at }), succeeds(1, at)];
      await seedRun(store, request, ...(index === 0 ? [says.no(bob, at)] : end));
    }
  });
  let next = 0;
  const { url, heard } = await instance(() => {
    next += 1;
    return { status: 201, body: { run: { runId: RUNS[next - 1] } } };
  });
  await writeFile(join(cwd, 'token'), 'secret\n');
  const drill = await textops(
    'drill',
    'consistency',
    'backup',
    'db=main',
    '--server',
    url,
    '--token-file',
    'token',
  );
  expect(drill).toMatchObject({ code: 0, out: 'backup: 4 of 5 ended as Succeeded (80 %).\n' });
  expect(new Set(heard.map(({ key }) => key)).size).toBe(5);
  expect(heard[0]).toMatchObject({ token: 'Bearer secret', body: { job: 'backup', params: { db: 'main' } } });
  const { data } = await document('scorecard');
  expect(lineOf(data, 'outcome-consistency')).toMatchObject({
    value: 80,
    outcome: 'FAIL',
    why: 'the worst is backup',
  });
  next = 0;
  expect((await document('drill', 'consistency', 'backup', '--server', url)).data).toMatchObject({
    modal: 'Succeeded',
    share: 80,
  });
});

test('a drill that nobody decided in time leaves nothing behind', async () => {
  const { textops, inStore, cwd } = await bench();
  await inStore((store) =>
    seedRun(
      store,
      asks(backup, { runId: 'AAAAA1', by: { kind: 'person', person: ana, identity: 'dev:ana' } }),
    ),
  );
  const { url } = await instance(() => ({ status: 201, body: { run: { runId: 'AAAAA1' } } }));
  expect(await textops('drill', 'consistency', 'backup', '--server', url, '--timeout', '1s')).toMatchObject({
    code: 10,
    err: expect.stringContaining('0 of 5 runs were over after 1s.'),
  });
  await expect(readFile(join(cwd, 'evidence', 'drills.jsonl'), 'utf8')).rejects.toThrow('ENOENT');
});

test('what cannot be asked for, and what is no parameter, is one sentence', async () => {
  const { textops } = await bench();
  const { url } = await instance(() => ({ status: 404, body: { detail: 'No job called "x".' } }));
  expect(await textops('drill', 'consistency', 'x', '--server', url)).toMatchObject({
    code: 4,
    err: expect.stringContaining('No job called "x".'),
  });
  expect(await textops('drill', 'consistency', 'x', 'main', '--server', url)).toMatchObject({
    code: 2,
    err: expect.stringContaining('Expected name=value, not main.'),
  });
  expect(await textops('drill', 'consistency', 'x', '--server', url, '--token-file', 'none')).toMatchObject({
    code: 2,
    err: expect.stringContaining('could not be read.'),
  });
});
