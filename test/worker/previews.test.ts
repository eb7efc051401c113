import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ana, asks, bob, by, green } from '../cast.ts';
import { shift } from './shift.ts';
import { isAlive, OWN_PID, pidIn, until, workbench } from './workbench.ts';

const bench = await workbench();

/** A job that migrates, and whose preview shows the plan of the day. */
const planned = async (plan: string) => {
  const file = bench.path('plan.txt');
  await writeFile(file, plan);
  const preview = await bench.script(
    `import { readFileSync } from 'node:fs';
     const { TEXTOPS_ATTEMPT, TEXTOPS_IDEMPOTENCY_KEY } = process.env;
     console.log(readFileSync(${JSON.stringify(file)}, 'utf8'));
     console.log('attempt', TEXTOPS_ATTEMPT, TEXTOPS_IDEMPOTENCY_KEY?.replace(/^[^:]*/, 'key'));`,
  );
  const migrate = await bench.script("console.log('migrated')");
  const target = { kind: 'command', command: [process.execPath, migrate], env: [] } as const;
  return { file, spec: { target, preview: [process.execPath, preview] } };
};

test('a run is previewed before it can be approved, and its own process starts once', async () => {
  const { worker, job, dispatched, becomes, events, store } = await shift();
  const { spec } = await planned('alter orders');
  worker('w1', { pollMs: 60_000 });
  const runId = await dispatched(await job('migrate', spec));
  await becomes(runId, 'Succeeded');
  expect(await events(runId)).toEqual([
    'RunCreated',
    'ApprovalRequested',
    'PreviewRecorded',
    'RunApproved',
    'ExecutionDispatched',
    'ExecutionStarted',
    'ExecutionSucceeded',
  ]);
  expect((await store.runs.output(runId))?.head).toBe('migrated\n');
});

test('what a preview wrote is kept until the job writes something itself', async () => {
  const { worker, job, asked, run, store } = await shift();
  const { spec } = await planned('alter orders');
  worker('w1');
  const runId = await asked(await job('migrate', spec));
  expect(await run(runId)).toMatchObject({ status: 'AwaitingApproval', preview: { ok: true, epoch: 1 } });
  expect(await store.runs.output(runId)).toMatchObject({
    attempt: 0,
    head: 'alter orders\nattempt 0 key:1:preview\n',
  });
});

test('a heavy job that would do something else than its preview showed asks again', async () => {
  const { worker, job, asked, becomes, give, events, run } = await shift();
  const { file, spec } = await planned('alter orders');
  worker('w1');
  const runId = await asked(await job('migrate', { ...spec, heavy: true }));
  const approved = async (): Promise<void> => {
    await give(runId, (at) => ({ type: 'approve', by: by(bob), at }));
    await give(runId, (at) => ({ type: 'resume', by: by(ana), gates: green, entitled: ['bob'], at }));
  };
  await writeFile(file, 'drop customers');
  await approved();
  await until('it asks again, with another preview', async () => {
    const now = await run(runId);
    return now.status === 'AwaitingApproval' && now.preview?.epoch === 2;
  });
  expect(await events(runId)).toContain('ApprovalVoided');
  expect(await events(runId)).not.toContain('ExecutionStarted');
  await approved();
  await becomes(runId, 'Succeeded');
});

test('a preview that hangs is killed when its run is canceled', async () => {
  const { worker, job, rooms, give, events } = await shift();
  const pidFile = bench.path('hanging.pid');
  const hangs = await bench.script(
    `import { writeFileSync } from 'node:fs';
     setTimeout(() => {}, 60_000);
     writeFileSync(${JSON.stringify(pidFile)}, ${OWN_PID});`,
  );
  const { spec } = await planned('');
  const stuck = await job('migrate', { ...spec, preview: [process.execPath, hangs] });
  worker('w1');
  const runId = rooms.ambient.newRunId();
  await give(runId, (at) => asks(stuck, { runId, files: {}, at }));
  const pid = await pidIn(pidFile);
  await give(runId, (at) => ({ type: 'cancel', by: by(ana), at }));
  await until('its process is gone', () => !isAlive(pid));
  expect(await events(runId)).toEqual(['RunCreated', 'ApprovalRequested', 'RunCanceled']);
});
