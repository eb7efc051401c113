import { expect, test } from 'vitest';
import { finishAttempt, startAttempt } from '../../src/core/flows/runs/attempt.ts';
import { plainSpec } from '../../src/core/jobs/job.ts';
import { noon } from '../cast.ts';
import { type World, world } from './world.ts';

const OUTPUT = { head: '', tail: '', bytes: 0, sha256: '0'.repeat(64) };

const { approval } = plainSpec({ title: '', target: { kind: 'demo' } });
const BY_DORA = { ...approval, approvers: ['dora'], self: true };

const failedRun = async ({ say, rooms, clock }: World, job = 'demo', from = 'ana'): Promise<string> => {
  const { runId } = (await say(`run ${job}`, { from })).json;
  await say(`yes ${runId}`, { from });
  const claim = { workerId: 'w1', limit: 1, at: clock.at, leaseMs: 30_000 };
  const [claimed] = await rooms.store.queue.claim(claim);
  if (claimed === undefined) throw new Error('nothing was claimed');
  await startAttempt(rooms, 'w1')(claimed);
  const { epoch, attempt } = claimed.entry;
  await finishAttempt(rooms, 'w1')(
    { runId, epoch, attempt, fence: claimed.fence },
    { kind: 'failed', reason: 'exit', summary: 'disk full', output: OUTPUT },
  );
  return runId;
};

test('a run that failed for good is listed and can be replayed: it asks again', async () => {
  const there = await world();
  const runId = await failedRun(there);
  const { call } = there;
  const [letter] = (await call('/dead-letters')).json.deadLetters;
  expect(letter).toMatchObject({ kind: 'job', about: runId, error: 'disk full', replayable: true });
  const replayed = await call(`/dead-letters/${letter.id}/replay`, { method: 'POST' });
  expect(replayed).toMatchObject({ status: 200, json: { deadLetter: { id: letter.id } } });
  expect((await call(`/runs/${runId}`)).json.run).toMatchObject({ status: 'AwaitingApproval', epoch: 2 });
  expect((await call('/dead-letters')).json.deadLetters).toEqual([]);
  expect((await call(`/dead-letters/${letter.id}/replay`, { method: 'POST' })).status).toBe(404);
});

test('dropping takes a reason', async () => {
  const there = await world();
  await failedRun(there);
  const { call } = there;
  const [letter] = (await call('/dead-letters')).json.deadLetters;
  const path = `/dead-letters/${letter.id}/drop`;
  expect((await call(path, { json: {} })).json).toMatchObject({ status: 400, code: 'invalid_body' });
  expect((await call(path, { json: { reason: 'done by hand' } })).json.said).toContain('done by hand');
  expect((await call('/dead-letters')).json.deadLetters).toEqual([]);
});

test('whoever may not know of a run finds no dead letter of it, and is counted when they look for one', async () => {
  const there = await world();
  const { call } = there;
  await there.addJob('secret', { requesters: ['dora'], approval: BY_DORA });
  const dora = { id: 'dora', name: 'Dora', roles: ['dba'], identities: ['dev:dora'] };
  await there.store.people.replaceFilePeople([dora], noon);
  await failedRun(there, 'secret', 'dora');
  const [letter] = (await call('/dead-letters', { as: 'boss' })).json.deadLetters;
  expect((await call('/dead-letters', { as: 'ana' })).json.deadLetters).toEqual([]);
  for (const id of [letter.id, 'J-ZZZZZZ']) {
    const dropped = await call(`/dead-letters/${id}/drop`, { json: { reason: 'x' }, as: 'ana' });
    expect(dropped).toMatchObject({ status: 404, json: { code: 'unknown_dead_letter' } });
    const replayed = await call(`/dead-letters/${id}/replay`, { method: 'POST', as: 'ana' });
    expect(replayed).toMatchObject({ status: 404, json: { code: 'unknown_dead_letter' } });
  }
  const attempt = { kind: 'auth_refused', channel: 'http', reason: 'may_not_see', actor: 'user:http:ana' };
  expect(there.observed.filter(({ kind }) => kind === 'auth_refused')).toEqual([attempt, attempt]);
});

test('a viewer handles no dead letters', async () => {
  const there = await world();
  await failedRun(there);
  const { call } = there;
  const [letter] = (await call('/dead-letters', { as: 'boss' })).json.deadLetters;
  expect(
    (await call(`/dead-letters/${letter.id}/drop`, { json: { reason: 'x' }, as: 'screen' })).status,
  ).toBe(403);
});
