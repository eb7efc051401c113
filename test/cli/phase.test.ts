import { expect, test } from 'vitest';
import { ana, bob, cho, noon } from '../cast.ts';
import { cliBench } from './cli-bench.ts';

test('a report of the first phase counts what it brought, and nothing is in it', async () => {
  const { textops } = await cliBench();
  await textops('migrate');
  expect(await textops('phase', 'report', '1')).toEqual({
    code: 0,
    out: [
      'KIND\tNAME\tNOW',
      'table\tjob_queue\t0 rows',
      'table\tjob_later\t0 rows',
      'table\tjob_leases\t0 rows',
      'table\tjob_dead_letter\t0 rows',
      'table\tqueue_pauses\t0 rows',
      'view\tv_job_queue_backlog\t0 rows',
      'view\tv_job_queue_in_progress\t0 rows',
      'view\tv_job_queue_dead_letter_open\t0 rows',
      'view\tv_dead_letter_all\t0 rows',
      'operation\tenqueue\tworks',
      'operation\tclaim\tworks',
      'gate\tqueue.job_substrate.enabled\topen',
      '',
    ].join('\n'),
    err: 'Phase 1, substrate: 5 tables, 4 views, 2 operations behind gates, 1 gate.\n',
  });
});

test('it shows what is in the tables, and which operations a closed gate refuses', async () => {
  const { textops, document, inStore } = await cliBench();
  await textops('migrate');
  await inStore((store) => store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: Date.now() }));
  expect((await document('phase', 'report', '3')).data).toEqual({
    phase: 3,
    title: 'heartbeats and waking',
    tables: [{ name: 'queue_heartbeat', rows: 1 }],
    views: [{ name: 'v_queue_health', rows: 1 }],
    operations: [{ name: 'notify', gate: 'queue.notify.bridge_enabled', refused: true }],
    gates: [{ name: 'queue.notify.bridge_enabled', open: false }],
  });
});

test('a phase that nobody knows, or a schema that lacks a part, is one sentence', async () => {
  const { textops } = await cliBench();
  expect(await textops('phase', 'report', '9')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Allowed choices are 1, 2, 3.'),
  });
  await textops('migrate');
  await textops('migrate', 'down', 'substrate');
  expect(await textops('phase', 'report', '1')).toMatchObject({
    code: 4,
    err: expect.stringContaining('lacks 0003_substrate'),
  });
});

const staffed = async () => {
  const bench = await cliBench();
  await bench.textops('migrate');
  const chief = { ...ana, roles: ['owner'] };
  await bench.inStore((store) => store.people.replaceFilePeople([chief, bob, cho], noon));
  return bench;
};

interface Status {
  readonly done: number;
  readonly boxes: readonly { readonly box: string; readonly done: boolean; readonly words: string }[];
}

test('a phase has seven boxes; its goal is written and its migrations are applied, the rest is somebody’s word', async () => {
  const { textops } = await staffed();
  const { code, out, err } = await textops('phase', 'status', '3');
  expect({ code, err }).toEqual({ code: 0, err: 'Phase 3, heartbeats and waking: 2 of 7 boxes.\n' });
  const rows = out
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t').slice(0, 2).join(' '));
  expect(rows).toEqual([
    'goal yes',
    'review no',
    'approval no',
    'ratified no',
    'applied yes',
    'verification no',
    'report no',
  ]);
});

test('who ticks a box is on record with what they said, and the history stays whole', async () => {
  const { textops, document } = await staffed();
  const noted = await textops('phase', 'note', '3', 'review', 'it', 'holds', '--as', 'bob');
  expect(noted).toEqual({ code: 0, out: 'Phase 3: review is on record.\n', err: '' });
  for (const box of ['approval', 'ratified', 'verification', 'report'])
    expect((await textops('phase', 'note', '3', box, 'yes', '--as', 'ana')).code).toBe(0);
  const status = (await document('phase', 'status', '3')).data as Status;
  expect(status).toMatchObject({ done: 7 });
  expect(status.boxes[1]).toMatchObject({
    words: 'it holds',
    notes: [{ by: 'user:cli:bob', note: 'it holds', at: expect.stringMatching(/^20/) }],
  });
  expect((await document('phase', 'status', '1')).data).toMatchObject({ done: 2 });
  expect((await document('phase', 'note', '1', 'report', 'x', '--as', 'cho')).data).toEqual({
    phase: 1,
    box: 'report',
  });
  expect((await textops('audit', 'verify')).code).toBe(0);
});

test('a review by whoever approved is no independent one', async () => {
  const { textops, document } = await staffed();
  for (const box of ['review', 'approval']) await textops('phase', 'note', '2', box, 'fine', '--as', 'ana');
  const review = async () => ((await document('phase', 'status', '2')).data as Status).boxes[1];
  expect(await review()).toMatchObject({
    done: false,
    words: 'only by who approved; somebody else has to look',
  });
  await textops('phase', 'note', '2', 'review', 'fine', '--as', 'bob');
  expect(await review()).toMatchObject({ done: true });
});

test('a box is ticked by a person, with words, and a phase is approved by an owner', async () => {
  const { textops } = await staffed();
  const refused = async (...words: readonly string[]) => {
    const { code, err } = await textops('phase', 'note', '3', ...words);
    return `${code} ${err.trim()}`;
  };
  expect(await refused('review', 'fine')).toBe('4 That is somebody’s word: add --as PERSON.');
  expect(await refused('review', ' ', '--as', 'bob')).toBe('4 What came of it? Everybody will read it.');
  expect(await refused('approval', 'go', '--as', 'bob')).toBe(
    '4 Only an owner approves a phase. Nothing changed.',
  );
  expect(await refused('goal', 'x', '--as', 'bob')).toContain('2 ');
  expect((await textops('phase', 'status', '3')).err).toContain('2 of 7 boxes');
});

test('a migration that is missing leaves its box empty', async () => {
  const { textops, document } = await staffed();
  await textops('migrate', 'down', 'substrate');
  const { boxes } = (await document('phase', 'status', '3')).data as Status;
  expect(boxes[4]).toMatchObject({ done: false, words: 'lacks 0003_substrate' });
});
