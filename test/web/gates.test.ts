import { expect, test } from 'vitest';
import { plainSpec } from '../../src/core/jobs/job.ts';
import { noon, world } from './world.ts';

const close = { kind: 'gate', name: 'queue.job_substrate.enabled', open: false, by: 'user:dev:ana' } as const;

test('GET /gates lists them all, with what each needs', async () => {
  const { call, store } = await world({ profile: 'production' });
  await store.runs.commit([{ queue: [], outbox: [], upkeep: [close], at: noon }]);
  const { json, status } = await call('/gates', { as: 'screen' });
  expect(status).toBe(200);
  expect(json.gates).toHaveLength(7);
  expect(json.gates[0]).toEqual({
    name: 'queue.job_substrate.enabled',
    open: false,
    value: null,
    needs: [],
    by: 'user:dev:ana',
    at: new Date(noon).toISOString(),
  });
  expect((await call('/gates')).status).toBe(401);
});

test('behind a closed queue the doors say so, in a form that programs can read', async () => {
  const { call, say, store, addJob } = await world();
  await addJob('tick', {
    approval: { ...plainSpec({ title: '', target: { kind: 'demo' } }).approval, policy: 'never' },
  });
  const { runId } = (await say('run demo')).json;
  await store.runs.commit([{ queue: [], outbox: [], upkeep: [close], at: noon }]);
  expect((await say(`yes ${runId}`)).json).toMatchObject({
    dispatchedExecution: false,
    refused: true,
    reason: 'job_substrate_disabled',
  });
  const asked = { json: { job: 'tick' }, headers: { 'idempotency-key': 'k1' } };
  expect(await call('/runs', asked)).toMatchObject({
    status: 409,
    json: { code: 'job_substrate_disabled', refused: true, reason: 'job_substrate_disabled' },
  });
  expect((await call('/runs', asked)).json).toMatchObject({ status: 409, code: 'refused_before' });
  expect((await store.runs.list({ limit: 10 })).runs).toHaveLength(1);
});
