import { expect, test } from 'vitest';
import { CANARY, toldOf } from '../canary.ts';
import { consoleWorld, seated } from './console/browser.ts';
import { type Call, TOKENS } from './world.ts';

const note = { type: 'string', required: true } as const;

test('what programs send over HTTP, well-formed or not, is in no line and in no span', async () => {
  const there = await consoleWorld();
  await there.addJob('note', { params: { note } });
  const ask = async (path: string, call: Call): Promise<number> => (await there.call(path, call)).status;
  const keyed = (key: string) => ({ 'idempotency-key': key });
  const asked = await there.call('/runs', {
    json: { job: 'note', params: { note: CANARY } },
    headers: keyed(CANARY),
  });
  expect(asked.status).toBe(201);
  const answers = [
    await ask('/runs', {
      json: { job: 'note', params: { note: CANARY, [CANARY]: 1 } },
      headers: keyed('k2'),
    }),
    await ask('/runs', { json: { job: CANARY }, headers: keyed('k3') }),
    await ask('/runs', { body: `{"job": "${CANARY}`, headers: { 'content-type': 'application/json' } }),
    await ask('/jobs', {
      json: { key: 'told', command: ['echo', CANARY], env: { [CANARY]: CANARY } },
      as: 'boss',
    }),
    await ask(`/${CANARY}?note=${CANARY}`, {}),
    await ask('/runs', { headers: { authorization: `Bearer ${CANARY}${'x'.repeat(32)}` } }),
    await ask('/dev/inbound', {
      json: { from: 'ana', conversation: 'ops', body: `run note note=${CANARY}` },
    }),
    await ask('/dev/inbound', { json: { from: 'ana', conversation: 'ops', body: CANARY, [CANARY]: CANARY } }),
  ];
  expect(answers).toEqual([422, 404, 400, 422, 404, 401, 200, 200]);
  const told = await toldOf(there.observed);
  expect(told).toContain('"event":"run.created"');
  expect(told).toContain('receive http');
  expect(told).not.toContain(CANARY);
  expect(TOKENS.filter(({ token }) => told.includes(token))).toEqual([]);
});

test('what people fill in on pages is in no line and in no span', async () => {
  const there = await consoleWorld();
  await there.addJob('note', { params: { note } });
  const [ana, bob] = [await seated(there, 'ana'), await seated(there, 'bob')];
  const before = there.observed.length;
  await ana.send('/jobs/note', '/jobs/note/run', { 'param.note': CANARY });
  const { runs } = await there.store.runs.list({ limit: 1 });
  const runId = runs[0]?.state.runId ?? '';
  expect(runs[0]?.state.params).toEqual({ note: CANARY });
  await bob.send(`/runs/${runId}/deny`, `/runs/${runId}/deny`, { reason: `because ${CANARY}` });
  expect((await there.store.runs.find([runId])).get(runId)?.state.status).toBe('Denied');
  await bob.post('/login', { code: CANARY });
  await bob.get(`/runs?job=${CANARY}`);
  const told = await toldOf(there.observed.slice(before));
  expect(told).toContain('"event":"run.denied"');
  expect(told).not.toContain(CANARY);
});

test('a line that repeated what was written would be noticed', async () => {
  const careless = { kind: 'message_ignored', channel: 'dev', reason: `said ${CANARY}` } as const;
  expect(await toldOf([careless])).toContain(CANARY);
});
