import { describe, expect, test } from 'vitest';
import { prettyLine, wordsOf } from '../../src/telemetry/pretty.ts';
import type { LogRecord } from '../../src/telemetry/record.ts';
import { logRecord } from './log-record.ts';

const record = (more: Partial<LogRecord> = {}): LogRecord =>
  logRecord({
    time: '2026-03-29T00:59:59.999Z',
    event: 'process.started',
    msg: 'worker started',
    component: 'worker',
    ...more,
  });

describe('the clock in front of a line', () => {
  test.each([
    ['UTC', '2026-03-29T00:59:59.999Z', '00:59:59'],
    // Midnight is the beginning of a day, not its 24th hour.
    ['UTC', '2026-11-20T00:00:00.000Z', '00:00:00'],
    // The hour that Berlin leaves out in spring, and the one that it has twice in autumn.
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', '01:59:59'],
    ['Europe/Berlin', '2026-03-29T01:00:00.000Z', '03:00:00'],
    ['Europe/Berlin', '2026-10-25T00:30:00.000Z', '02:30:00'],
    ['Europe/Berlin', '2026-10-25T01:30:00.000Z', '02:30:00'],
    ['Asia/Kathmandu', '2026-11-20T18:15:00.000Z', '00:00:00'],
    ['America/St_Johns', '2026-11-20T03:29:59.000Z', '23:59:59'],
    ['Pacific/Kiritimati', '2026-11-20T10:00:00.000Z', '00:00:00'],
  ])('in %s at %s is %s', (timezone, time, clock) => {
    expect(prettyLine(record({ time }), timezone)).toBe(`${clock} info  worker started\n`);
  });
});

test.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)(
  'words begin at one place (%s)',
  (level) => {
    expect(prettyLine(record({ level }), 'UTC').indexOf('worker started')).toBe(15);
  },
);

test('what went wrong stands behind, with its code where it has one', () => {
  expect(wordsOf({ msg: 'sender met a fault', err: null })).toBe('sender met a fault');
  expect(wordsOf({ msg: 'm', err: { type: 'TypeError', message: 'boom' } })).toBe('m (TypeError: boom)');
  expect(wordsOf({ msg: 'm', err: { type: 'Error', code: 'EPIPE', message: 'x' } })).toBe(
    'm (Error EPIPE: x)',
  );
});

test.each([
  ['a line end is seen and ends nothing', 'a\nb\r\nc', 'a\\nb\\nc'],
  ['a carriage return takes nothing back', 'denied\rapproved', 'denied\uFFFDapproved'],
  ['colours are no colours', '\u001B[32mok\u001B[0m', '\uFFFD[32mok\uFFFD[0m'],
  ['the direction stays', 'a\u202Eb\u061Cc\u2066d', 'a\uFFFDb\uFFFDc\uFFFDd'],
  ['letters of any script are letters', 'Überprüfung 確認 ✅ 👩‍👧', 'Überprüfung 確認 ✅ 👩‍👧'],
])('%s', (_law, msg, shown) => {
  expect(wordsOf({ msg, err: { type: 'Error', message: msg } })).toBe(`${shown} (Error: ${shown})`);
  expect(prettyLine(record({ msg }), 'UTC').trimEnd().split('\n')).toHaveLength(1);
});
