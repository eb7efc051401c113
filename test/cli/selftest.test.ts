import { expect, test } from 'vitest';
import { until } from '../e2e/program.ts';
import { cliBench } from './cli-bench.ts';
import { inHand } from './in-hand.ts';

const bench = async () => {
  const { inStore, textops, document } = await cliBench();
  await inStore(() => Promise.resolve());
  return { inStore, textops, document };
};

test('a self-test that a worker works off ends with 0', async () => {
  const { inStore, textops } = await bench();
  const answer = textops('selftest', '--wait', '20s');
  await inStore((store) => inHand(store, 'succeeds'));
  expect(await answer).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^The self-test \w{6} went through queue, worker and history in \d+ ms\.\n$/),
  });
});

test('a self-test that fails ends with 8, and says with what', async () => {
  const { inStore, textops } = await bench();
  const answer = textops('selftest', '--wait', '20s');
  await inStore((store) => inHand(store, 'fails'));
  expect(await answer).toMatchObject({ code: 8, out: expect.stringContaining('failed: out of order.') });
});

test('a self-test that nobody takes ends with 10, and never runs afterwards', async () => {
  const { inStore, textops, document } = await bench();
  const { code, out } = await textops('selftest', '--wait', '1s');
  expect([code, out]).toEqual([
    10,
    expect.stringMatching(/^No worker took the self-test \w{6} within 1s\.$/m),
  ]);
  expect(await document('selftest', '--wait', '1s')).toMatchObject({ data: { status: 'Dispatching' } });
  const late = await inStore((store) => store.runs.overdue(Date.now() + 121_000, 9));
  expect(late).toHaveLength(2);
});

test.each([
  [['pause', 'queue'], 'Nothing was tested: the queue is paused by the command line.\n'],
  [['freeze', 'restored'], 'Nothing was tested: everything is frozen by the command line: restored.\n'],
])('after %j nothing is tested, which is no fault', async (stopped, err) => {
  const { inStore, textops } = await bench();
  expect(await textops(...stopped)).toMatchObject({ code: 0 });
  expect(await textops('selftest')).toEqual({ code: 4, out: '', err });
  expect(await inStore(async (store) => (await store.runs.list({ limit: 9 })).runs)).toEqual([]);
});

test('a pause while it waits makes a self-test that says nothing of one that failed', async () => {
  const { inStore, textops } = await bench();
  const answer = textops('selftest', '--wait', '3s');
  await inStore((store) =>
    until(async () => (await store.runs.list({ limit: 9 })).runs.length === 1, 20_000),
  );
  await textops('pause', 'queue');
  expect(await answer).toMatchObject({ code: 4, err: expect.stringContaining('the queue is paused') });
});

test('a queue in memory is seen by nobody else', async () => {
  const { run } = await cliBench();
  expect(await run(['selftest'], { env: { QUEUE: 'memory' } })).toMatchObject({
    code: 4,
    err: 'Nothing was tested: QUEUE=memory keeps the queue in the program itself.\n',
  });
});
