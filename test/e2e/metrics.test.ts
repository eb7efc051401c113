import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { faultsOf, parseExposition } from '../telemetry/metrics/exposition.ts';
import { freshFolder, type Program, startProgram } from './program.ts';

const figure = async (url: string, name: string, labels: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(`${url}/metrics`);
  const text = await answer.text();
  expect(answer.status).toBe(200);
  return parseExposition(text)
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.name === name)
    .find((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    ?.value;
};

const until = async (what: string, probe: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`${what}: not in time`);
    await pause(50);
  }
};

const say = async ({ url }: Program, body: string, providerMessageId: string): Promise<string> => {
  const sent = { from: 'ana', conversation: 'ops', body, providerMessageId };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/dev/inbound`, { method: 'POST', headers, body: JSON.stringify(sent) });
  // The dev door answers with a run, or with null for a repetition.
  return String(((await answer.json()) as { readonly runId: string | null }).runId);
};

test('a run shows in the figures of the process that made it and of the one that worked on it', async () => {
  const folder = await freshFolder();
  const house = await startProgram(folder, { WORKER: 'separate' });
  const hands = await startProgram(folder, {}, 'worker', undefined, ['--metrics-port', '0']);
  const door = /metrics (http:\/\/\S+)\/metrics/.exec(hands.output())?.[1] ?? 'no door';
  const runId = await say(house, 'run demo', 'm-1');
  await say(house, `yes ${runId}`, 'm-2');
  await say(house, `yes ${runId}`, 'm-2');
  await until('the worker counts the end', async () => {
    const ended = await figure(door, 'textops_runs_finished_total', { job: 'demo', status: 'succeeded' });
    return ended === 1;
  });
  expect(await figure(house.url, 'textops_runs_created_total', { job: 'demo', origin: 'chat' })).toBe(1);
  expect(await figure(house.url, 'textops_messages_deduplicated_total', { channel: 'dev' })).toBe(1);
  expect(await figure(house.url, 'textops_approval_latency_seconds_count', { job: 'demo' })).toBe(1);
  // What was counted elsewhere is not counted here.
  expect(await figure(house.url, 'textops_runs_finished_total', { job: 'demo', status: 'succeeded' })).toBe(
    0,
  );
  expect(await figure(door, 'textops_attempts_total', { job: 'demo', outcome: 'ok' })).toBe(1);
  expect(await figure(door, 'textops_attempts_per_run_count')).toBe(1);
  expect(await figure(door, 'textops_dispatch_latency_seconds_count', { job: 'demo' })).toBe(1);
  expect(await figure(door, 'textops_run_duration_seconds_count', { job: 'demo' })).toBe(1);
  // The present is the same for both.
  for (const url of [house.url, door]) {
    await until('both see the worker', async () => (await figure(url, 'textops_worker_slots')) !== undefined);
    // What is asked of the database may be two seconds old.
    await until('both see that nothing runs', async () => {
      return (await figure(url, 'textops_runs', { status: 'Running' })) === 0;
    });
    expect(await figure(url, 'textops_duplicate_executions_total')).toBe(0);
    expect(faultsOf(await (await fetch(`${url}/metrics`)).text())).toEqual([]);
  }
  expect((await (await fetch(`${door}/health/ready`)).json()) as object).toEqual({ status: 'ready' });
  expect(await figure(house.url, 'textops_http_requests_total', { route: '/dev/inbound' })).toBe(3);
});

test('outside of the dev profile a stranger learns nothing, on the machine itself as well', async () => {
  const token = 'v'.repeat(40);
  const { url } = await startProgram(await freshFolder('jobs: {}\n'), {
    TEXTOPS_PROFILE: 'production',
    API_TOKENS: `screen:viewer:${token}`,
  });
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
});
