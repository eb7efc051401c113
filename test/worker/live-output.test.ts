import { expect, test } from 'vitest';
import { reportOutput } from '../../src/core/flows/runs/attempt.ts';
import { liveOutput } from '../../src/worker/live-output.ts';
import { shift } from './shift.ts';
import { until, workbench } from './workbench.ts';

const bench = await workbench();

/** Says something at once and waits for its end; the secret is cut in two writes. */
const TALKS = `process.stdout.write('connecting to db1\\npassword is hun');
  setTimeout(() => process.stdout.write('ter22\\nhalf a li'), 50);
  setTimeout(() => process.stdout.write('ne\\ndone\\n'), 2500);`;

test('what a job writes is there while it runs, line by line and without secrets, and whole at the end', async () => {
  const { worker, job, dispatched, becomes, store } = await shift();
  worker('w1', { secretOf: () => 'hunter22' });
  const target = {
    kind: 'command',
    command: [process.execPath, await bench.script(TALKS)],
    env: [],
  } as const;
  const runId = await dispatched(await job('talks', { target, secrets: ['DB_PASSWORD'] }));
  await until('something is there', async () => (await store.runs.output(runId)) !== undefined);
  expect(await store.runs.output(runId)).toMatchObject({
    attempt: 1,
    head: 'connecting to db1\npassword is ***\n',
    tail: '',
  });
  await becomes(runId, 'Succeeded');
  const whole = 'connecting to db1\npassword is ***\nhalf a line\ndone\n';
  expect(await store.runs.output(runId)).toMatchObject({ head: whole });
});

test('whoever has lost the lease writes nothing any more', async () => {
  const { rooms, job, dispatched, store } = await shift();
  const runId = await dispatched(await job('hello', { target: { kind: 'demo' } }));
  const at = await store.now();
  const [claimed] = await store.queue.claim({ workerId: 'w1', limit: 1, at, leaseMs: 60_000 });
  const claim = { runId, epoch: 1, attempt: 1, fence: claimed?.fence ?? 0 };
  await reportOutput(rooms)({ ...claim, fence: claim.fence + 1 }, { text: 'not mine\n', written: 9 });
  expect(await store.runs.output(runId)).toBeUndefined();
  await reportOutput(rooms)(claim, { text: 'mine\n', written: 5 });
  expect(await store.runs.output(runId)).toMatchObject({ head: 'mine\n', bytes: 5 });
});

test('of a long output the newest lines are kept, and all of it is counted', () => {
  const live = liveOutput();
  for (let line = 1; line <= 10_000; line += 1) live.add(`line ${line}`);
  const { text, written } = live.read();
  expect(text.startsWith('line 9701\n')).toBe(true);
  expect(text.endsWith('line 10000\n')).toBe(true);
  expect(written).toBe(98_894);
  live.add('x'.repeat(100_000));
  expect(live.read().text.length).toBeLessThanOrEqual(32 * 1024);
});
