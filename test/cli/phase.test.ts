import { expect, test } from 'vitest';
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
