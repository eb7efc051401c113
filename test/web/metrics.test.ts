import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { faultsOf, parseExposition } from '../telemetry/metrics/exposition.ts';
import { noon, type World, world } from './world.ts';

const figures = async ({ call }: World) => {
  const { text, status } = await call('/metrics');
  expect(status).toBe(200);
  expect(faultsOf(text)).toEqual([]);
  const samples = parseExposition(text).flatMap((family) => family.samples);
  return (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
    samples.find(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value;
};

const job = 'demo';

describe('GET /metrics', () => {
  test('tells a run from the question to its end (F086)', async () => {
    const there = await world();
    const { say, clock, work } = there;
    const { runId } = (await say('run demo')).json;
    clock.at = noon + 38_000;
    await say(`yes ${runId}`);
    clock.at += 400;
    await work();
    const at = await figures(there);
    expect(at('textops_runs_created_total', { job, origin: 'chat' })).toBe(1);
    expect(at('textops_approval_latency_seconds_sum', { job, decision: 'approved' })).toBe(38);
    expect(at('textops_dispatch_latency_seconds_sum', { job })).toBe(0.4);
    expect(at('textops_runs_finished_total', { job, status: 'succeeded' })).toBe(1);
    expect(at('textops_attempts_total', { job, outcome: 'ok' })).toBe(1);
    expect(at('textops_attempts_per_run_bucket', { worker: 'w1', le: '1' })).toBe(1);
    expect(at('textops_duplicate_executions_total')).toBe(0);
  });

  test('tells what waits, and for how long', async () => {
    const there = await world();
    const { say, clock, store } = there;
    await say('run demo');
    const { runId } = (await say('run demo')).json;
    await say(`yes ${runId}`);
    clock.at += 7000;
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: clock.at - 2000 });
    const at = await figures(there);
    expect(at('textops_runs', { status: 'AwaitingApproval' })).toBe(1);
    expect(at('textops_runs', { status: 'Dispatching' })).toBe(1);
    expect(at('textops_queue_depth', { queue: 'default', state: 'ready' })).toBe(1);
    expect(at('textops_queue_oldest_ready_seconds', { queue: 'default' })).toBe(7);
    expect(at('textops_worker_heartbeat_timestamp_seconds', { worker: 'w1' })).toBe((noon + 5000) / 1000);
    expect(at('textops_worker_slots', { worker: 'w1', state: 'free' })).toBe(4);
  });

  test('tells of a no, a repetition, and a command that came at the wrong time', async () => {
    const there = await world();
    const { say } = there;
    const { runId } = (await say('run demo')).json;
    await say(`no ${runId}`, { providerMessageId: 'm-no' });
    await say(`no ${runId}`, { providerMessageId: 'm-no' });
    await say(`yes ${runId}`);
    await say('bakup the database');
    const at = await figures(there);
    expect(at('textops_runs_finished_total', { job, status: 'denied' })).toBe(1);
    expect(at('textops_approval_latency_seconds_count', { job, decision: 'denied' })).toBe(1);
    expect(at('textops_messages_deduplicated_total', { channel: 'dev' })).toBe(1);
    expect(at('textops_dedup_hit_ratio')).toBe(0.2);
    expect(at('textops_invalid_transitions_total', { from: 'Denied', to: 'Approved' })).toBe(1);
    expect(at('textops_messages_received_total', { intent: 'Unknown', outcome: 'unknown' })).toBe(1);
  });

  test('somebody without the right is counted as that', async () => {
    const there = await world();
    await there.addJob('report');
    await there.say('run report', { from: 'eve' });
    const at = await figures(there);
    expect(at('textops_messages_received_total', { outcome: 'forbidden' })).toBe(1);
  });

  test('a start that the history had already is the alarm that must never come', async () => {
    // As if somebody had written past the rules: the run waits for an attempt whose start is on record.
    const forged = (store: Store): Store => ({
      ...store,
      runs: {
        ...store.runs,
        find: async (ids) => {
          const found = await store.runs.find(ids);
          return new Map(
            [...found].map(([id, { state, ...rest }]) => [
              id,
              {
                ...rest,
                state:
                  state.status === 'Dispatching'
                    ? { ...state, lastStart: { epoch: 1, attempt: 1, at: noon, workerId: 'w0' } }
                    : state,
              },
            ]),
          );
        },
      },
    });
    const there = await world({ store: forged });
    const { runId } = (await there.say('run demo')).json;
    await there.say(`yes ${runId}`);
    await there.work();
    const at = await figures(there);
    expect(at('textops_duplicate_executions_total')).toBe(1);
  });

  test('requests are counted by the pattern of their route, whatever was asked for', async () => {
    const there = await world();
    const { call } = there;
    await call('/runs/K7M2QX');
    await call('/runs/Q2WXYZ');
    await call('/no/such/place?token=secret');
    await call('/runs', { method: 'BREW' });
    await call('/health', { headers: { host: 'evil.example' } });
    const at = await figures(there);
    expect(at('textops_http_requests_total', { method: 'GET', route: '/runs/:id', code: '404' })).toBe(2);
    expect(at('textops_http_requests_total', { method: 'GET', route: 'none', code: '404' })).toBe(1);
    expect(at('textops_http_requests_total', { method: 'other', route: 'none' })).toBe(1);
    expect(at('textops_http_requests_total', { route: 'none', code: '403' })).toBe(1);
    expect((await call('/metrics')).text).not.toMatch(/K7M2QX|secret|such/);
  });

  test('without the database the present is missing, and what was counted is told all the same', async () => {
    const broken = (store: Store): Store => ({
      ...store,
      reader: { ...store.reader, loads: () => Promise.reject(new Error('no such table')) },
    });
    const there = await world({ store: broken });
    await there.say('run demo');
    const at = await figures(there);
    expect(at('textops_runs_created_total', { job })).toBe(1);
    expect(at('textops_runs')).toBeUndefined();
  });

  test.each([
    ['this machine in the dev profile', 'dev', {}, 200],
    ['another machine in the dev profile', 'dev', { peer: '192.168.1.9' }, 401],
    ['this machine outside of it', 'production', {}, 401],
    ['a token for a screen', 'production', { as: 'screen', peer: '192.168.1.9' }, 200],
    ['a token that may only ask', 'production', { as: 'ci' }, 403],
  ] as const)('%s', async (_who, profile, call, status) => {
    const there = await world({ profile });
    const answer = await there.call('/metrics', call);
    expect(answer.status).toBe(status);
  });
});
