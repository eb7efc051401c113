import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { type LogOptions, logObservations } from '../../src/telemetry/log.ts';
import { LOG_EVENTS, WrittenRecord } from '../../src/telemetry/record.ts';
import { spanIdOf, traceIdOf } from '../../src/telemetry/trace/ids.ts';
import { observations, step } from './observations.ts';

const INSTALLATION = 'f'.repeat(64);
const twoPm = Date.UTC(2026, 10, 20, 14, 2, 41, 410);
const folder = mkdtempSync(join(tmpdir(), 'textops-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const logging = (options: Partial<LogOptions> = {}) => {
  let written = '';
  const observe = logObservations({
    level: 'trace',
    format: 'json',
    secrets: [],
    version: '1.2.0',
    component: 'textops',
    installation: () => INSTALLATION,
    destination: { write: (line) => (written += line) },
    now: () => twoPm,
    timezone: 'UTC',
    ...options,
  });
  return {
    observe,
    text: () => written,
    lines: () => written.split('\n').slice(0, -1),
    records: () =>
      written
        .split('\n')
        .slice(0, -1)
        .map((line) => WrittenRecord.parse(JSON.parse(line))),
  };
};

describe('every observation becomes one record', () => {
  test('of the documented shape, with the run it is about', () => {
    for (const observation of observations('w1', new TypeError('broken'))) {
      const { observe, records } = logging();
      observe(observation);
      const [record, ...more] = records();
      expect(more).toEqual([]);
      expect(record?.time).toBe('2026-11-20T14:02:41.410Z');
      expect(record?.run_id).toBe('runId' in observation ? 'K7M2QX' : null);
      expect(record?.err).toEqual('error' in observation ? { type: 'TypeError', message: 'broken' } : null);
    }
  });

  test('a decision, field by field', () => {
    const { observe, records } = logging();
    const actor = 'user:telegram:123';
    observe({ kind: 'run_changed', runId: 'K7M2QX', ...step });
    const traceId = traceIdOf(INSTALLATION, 'K7M2QX');
    expect(records()).toEqual([
      {
        level: 'info',
        time: '2026-11-20T14:02:41.410Z',
        event: 'run.approved',
        msg: `run K7M2QX approved by ${actor}`,
        service: 'textops',
        version: '1.2.0',
        component: 'textops',
        run_id: 'K7M2QX',
        trace_id: traceId,
        span_id: spanIdOf(traceId, 'commit', 3),
        job: 'backup',
        attempt: null,
        actor,
        worker_id: null,
        channel: null,
        outcome: 'Approved',
        duration_ms: null,
        err: null,
      },
    ]);
  });

  test.each([
    ['RunCreated', 'run.created'],
    ['RunDenied', 'run.denied'],
    ['ApprovalTimedOut', 'run.expired'],
    ['ExecutionDispatched', 'dispatch.enqueued'],
    ['ExecutionRetried', 'execution.retry_scheduled'],
    ['ExecutionSucceeded', 'execution.succeeded'],
    ['constructor', 'run.changed'],
    ['SomethingOfTomorrow', 'run.changed'],
  ])('%s is %s', (event, name) => {
    const { observe, records } = logging();
    observe({ kind: 'run_changed', runId: 'K7M2QX', ...step, event });
    expect(records()[0]?.event).toBe(name);
  });

  test('attempts say how they ended', () => {
    const { observe, records } = logging();
    const attempt = { runId: 'K7M2QX', jobKey: 'backup', epoch: 1, attempt: 2, workerId: 'w1' };
    observe({ kind: 'attempt_started', ...attempt, waitedMs: 40 });
    observe({ kind: 'attempt_ended', ...attempt, outcome: 'timeout', tookMs: 31_000 });
    observe({ kind: 'attempt_ended', ...attempt, outcome: 'succeeded', tookMs: 400 });
    expect(records()).toMatchObject([
      { event: 'execution.started', attempt: 2, worker_id: 'w1', duration_ms: null },
      { event: 'execution.timed_out', level: 'warn', duration_ms: 31_000 },
      { event: 'execution.ended', level: 'info', duration_ms: 400, outcome: 'succeeded' },
    ]);
  });

  test('a stranger, a channel and a leader that change have events of their own', () => {
    const { observe, records } = logging();
    observe({ kind: 'auth_refused', channel: 'telegram', reason: 'stranger', actor: 'telegram:99' });
    observe({ kind: 'channel_state', channel: 'telegram', state: 'ok' });
    observe({
      kind: 'channel_state',
      channel: 'telegram',
      state: 'standby',
      reason: 'another process polls',
    });
    observe({ kind: 'leader_changed', work: 'ticks', state: 'gained', fence: 3 });
    observe({ kind: 'leader_changed', work: 'ticks', state: 'lost', fence: 3 });
    observe({ kind: 'config_reloaded', changes: [] });
    expect(records().map(({ event, msg }) => `${event}: ${msg}`)).toEqual([
      'auth.refused: refused on telegram: stranger',
      'channel.recovered: channel telegram: ok',
      'channel.standby: channel telegram: standby, another process polls',
      'leader.gained: this process does ticks, fence 3',
      'leader.lost: this process does ticks no more',
      'config.reloaded: reloaded: nothing changed',
    ]);
  });

  test('an advisor that failed is a warning, one that answered or was not asked any more is none', () => {
    const { observe, records } = logging({ level: 'debug' });
    observe({ kind: 'advice', advisor: 'parse', outcome: 'answered' });
    observe({ kind: 'advice', advisor: 'risk', outcome: 'limited' });
    observe({ kind: 'advice', advisor: 'summary', outcome: 'late' });
    expect(records().map(({ level, event, msg }) => `${level} ${event}: ${msg}`)).toEqual([
      'debug advice.given: the advisor for parse answered',
      'debug advice.missed: done without the advisor for risk: limited',
      'warn advice.missed: done without the advisor for summary: late',
    ]);
  });

  test('the level keeps the rest away', () => {
    const { observe, records } = logging({ level: 'warn' });
    for (const observation of observations('w1', undefined)) observe(observation);
    const levels = new Set(records().map(({ level }) => level));
    expect(levels).toEqual(new Set(['warn', 'error']));
    const silent = logging({ level: 'silent' });
    for (const observation of observations('w1', undefined)) silent.observe(observation);
    expect(silent.text()).toBe('');
  });

  test('the list of events names each once', () => {
    expect(new Set(LOG_EVENTS).size).toBe(LOG_EVENTS.length);
  });
});

describe('secrets', () => {
  const password = 'p@ss/wörd "9"';
  const token = '123456789:AAHfiqksKZ8WmR2zMn0cVwbYZQ1lSg7xT3E';
  const canaries = [
    password,
    encodeURIComponent(password),
    Buffer.from(password).toString('base64').replace(/=+$/, ''),
    token,
    'xoxb-1234567890-abcdefghij',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    'canary-of-a-bearer',
  ];
  const text = `${canaries.slice(0, -1).join(' | ')} | Bearer canary-of-a-bearer`;
  const url = `https://api.telegram.org/bot${token}/getUpdates?offset=canary-query`;

  test.each(['json', 'pretty'] as const)('are in no field of any record (%s)', (format) => {
    const cause = Object.assign(new Error(`refused ${url} with ${text}`), {
      code: 'ECONNREFUSED',
      config: { headers: { authorization: text } },
    });
    const error = Object.assign(new Error(text, { cause: new Error(text, { cause }) }), { request: text });
    const file = join(folder, `secrets-${format}.log`);
    const { observe, text: output } = logging({ secrets: [password, ''], format, file });
    for (const observation of observations(text, error)) observe(observation);
    const written = output() + readFileSync(file, 'utf8');
    for (const canary of canaries) {
      expect(written).not.toContain(canary);
      expect(written).not.toContain(JSON.stringify(canary).slice(1, -1));
    }
    expect(written).not.toContain('canary-query');
    expect(written).toContain('[redacted]');
    expect(written).toContain('ECONNREFUSED');
  });
});

describe('for people', () => {
  const said = (observation: Observation, options: Partial<LogOptions> = {}) => {
    const { observe, text } = logging({ format: 'pretty', ...options });
    observe(observation);
    return text();
  };

  test('a record is one line with the clock of the reader', () => {
    const approved = { kind: 'run_changed', runId: 'K7M2QX', ...step } as const;
    expect(said(approved)).toBe('14:02:41 info  run K7M2QX approved by user:telegram:123\n');
    expect(said(approved, { timezone: 'Asia/Tokyo' })).toMatch(/^23:02:41 /);
  });

  test('a message of the dev door stands there word for word', () => {
    const body = 'Approved. Starting run K7M2QX for job "demo"…';
    expect(said({ kind: 'outbound_dev', address: 'dev:ops', body })).toBe(
      `14:02:41 info  OUTBOUND (dev): ${body}\n`,
    );
  });

  test('a request that could not be answered is an error with its place', () => {
    const error = new TypeError('boom');
    expect(said({ kind: 'request_failed', method: 'GET', path: '/runs/K7M2QX', error })).toBe(
      '14:02:41 error GET /runs/K7M2QX could not be answered (TypeError: boom)\n',
    );
  });

  test('a fault names itself', () => {
    const error = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(said({ kind: 'loop_faulted', loop: 'sender', error })).toBe(
      '14:02:41 error sender met a fault and goes on (Error ECONNREFUSED: connect)\n',
    );
  });

  test('content can neither move the cursor nor begin a line of its own', () => {
    const evil = 'a\u0000b\u001B[2Jc\r\n14:02:42 info  forged\u0007\u202E\u009B31m\u2028';
    const { observe, lines, text } = logging({ format: 'pretty' });
    const all = observations(evil, new Error(evil));
    for (const observation of all) observe(observation);
    expect(lines()).toHaveLength(all.length);
    expect(text()).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E\u2028]/);
  });
});

describe('the file', () => {
  const duplicate = { kind: 'message_duplicate', channel: 'telegram' } as const;

  test('keeps records as JSON, whatever people look at', () => {
    const file = join(folder, 'deep', 'er', 'textops.log');
    const { observe } = logging({ format: 'pretty', file });
    observe(duplicate);
    observe(duplicate);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => WrittenRecord.parse(JSON.parse(line)).event)).toEqual([
      'message.duplicate',
      'message.duplicate',
    ]);
  });

  test('that cannot be written costs one warning, not the program', () => {
    writeFileSync(join(folder, 'not-a-folder'), '');
    const { observe, records } = logging({ file: join(folder, 'not-a-folder', 'textops.log') });
    observe(duplicate);
    observe(duplicate);
    observe(duplicate);
    expect(records().map(({ event }) => event)).toEqual([
      'message.duplicate',
      'log.faulted',
      'message.duplicate',
      'message.duplicate',
    ]);
    expect(records()[1]).toMatchObject({ level: 'warn', err: { type: 'Error', code: expect.any(String) } });
  });
});
