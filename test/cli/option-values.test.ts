import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  durationMs,
  logLevel,
  moment,
  roles,
  statuses,
  wholeNumber,
} from '../../src/cli/command-line/option-values.ts';
import { RUN_STATUSES } from '../../src/core/runs/run.ts';
import { isoOf } from '../../src/core/time/instant.ts';
import { LOG_LEVELS } from '../../src/telemetry/record.ts';
import { noon } from '../cast.ts';

const DAY_MS = 86_400_000;

/** What a flag makes of it; undefined when that is wrong usage. */
const read = <T>(value: (text: string) => T, text: string): T | undefined => {
  try {
    return value(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return undefined;
    throw error;
  }
};

describe('a moment', () => {
  test.each([
    ['2026-02-28', Date.UTC(2026, 1, 28)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2026-11-21T00:00', Date.UTC(2026, 10, 21)],
    ['2026-11-21T24:00', Date.UTC(2026, 10, 22)],
    ['2026-11-21T12:00:00.250', noon + 250],
    ['2026-11-21T12:00:00.250Z', noon + 250],
    // On the other side of the line of dates it is another day.
    ['2026-11-22T02:00+14:00', noon],
    ['2026-11-21T00:00-12:00', noon],
    ['2026-11-21T1530+0330', undefined],
    ['2026-11-21T15:30+0330', noon],
    ['2026-02-29', undefined],
    ['2026-02-30T12:00', undefined],
    ['2026-04-31', undefined],
    ['2026-11-31T00:00Z', undefined],
    ['1900-02-29', undefined],
    ['2026-00-10', undefined],
    ['2026-10-00', undefined],
    ['2026-1-1', undefined],
    ['26-11-21', undefined],
    ['2026-11-21T12', undefined],
    ['2026-11-21 12:00', undefined],
    ['2026-11-21T12:00 UTC', undefined],
    ['2026-11-21T12:00:60', undefined],
    ['2026-11-21T12:00+25:00', undefined],
    ['2026-11-21T12:00\n', undefined],
    ['+2026-11-21', undefined],
    ['', undefined],
    ['-7d', undefined],
    ['7', undefined],
  ])('%j is %s', (text, at) => {
    expect(read(moment, text)?.(0)).toBe(at);
  });

  test('is read as it is written, in every zone, and no day slips into the next month', () => {
    const whole = fc.date({ min: new Date('1970-01-02'), max: new Date('2399-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(whole, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, aheadMin) => {
        const at = date.getTime();
        const sign = aheadMin < 0 ? '-' : '+';
        const [hours, minutes] = [Math.trunc(Math.abs(aheadMin) / 60), Math.abs(aheadMin) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const there = isoOf(at + aheadMin * 60_000).replace('Z', `${sign}${hours}:${minutes}`);
        expect(moment(there)(0)).toBe(at);
        expect(moment(isoOf(at).slice(0, 10))(0)).toBe(Math.floor(at / DAY_MS) * DAY_MS);
      }),
    );
    const days = Array.from({ length: 31 }, (_, index) => String(index + 1).padStart(2, '0'));
    const fit = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map(
      (month) => days.filter((day) => read(moment, `2026-${month}-${day}`) !== undefined).length,
    );
    expect(fit).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
  });

  test('so long ago that there was no calendar is the beginning of everything', () => {
    for (const text of ['104249991d', '9007199254740991ms']) {
      expect(isoOf(moment(text)(noon))).toBe('1970-01-01T00:00:00.000Z');
    }
    expect(moment('0s')(noon)).toBe(noon);
  });
});

describe('a whole number', () => {
  const port = wholeNumber(0, 65_535);

  test('is what stands between both ends, in digits only', () => {
    fc.assert(
      fc.property(fc.integer({ min: -70_000, max: 140_000 }), (number) => {
        expect(read(port, String(number))).toBe(number >= 0 && number <= 65_535 ? number : undefined);
      }),
    );
  });

  test.each([
    '',
    ' ',
    '1 ',
    ' 1',
    '+1',
    '-0',
    '1.0',
    '1e3',
    '0x10',
    '１',
    '1_000',
    '1\n',
    'NaN',
    '0000000001',
  ])('%j is none', (text) => expect(() => port(text)).toThrow(InvalidArgumentError));

  test('may have zeros before it', () => expect(port('007')).toBe(7));
});

describe('a list of statuses', () => {
  test('takes every status, however it is written', () => {
    for (const status of RUN_STATUSES) {
      for (const text of [status, status.toUpperCase(), status.toLowerCase(), ` ${status} `]) {
        expect(statuses(text)).toEqual([status]);
      }
    }
    expect(statuses('failed, DENIED ,Expired')).toEqual(['Failed', 'Denied', 'Expired']);
  });

  test.each([
    ['faild', '(Did you mean Failed?)'],
    ['cancelled', '(Did you mean Canceled?)'],
    ['await', '(Did you mean AwaitingApproval?)'],
    ['failed,,denied', `One of: ${RUN_STATUSES.join(', ')}.`],
    ['', `One of: ${RUN_STATUSES.join(', ')}.`],
    ['failed;denied', `One of: ${RUN_STATUSES.join(', ')}.`],
    // Names of the board are none of a run.
    ['REQUESTED', `One of: ${RUN_STATUSES.join(', ')}.`],
  ])('%j is refused with %j', (text, hint) => {
    expect(() => statuses(text)).toThrow(new InvalidArgumentError(`No such status. ${hint}`));
  });
});

test.each([
  ['operator', ['operator']],
  ['operator, approver', ['operator', 'approver']],
  ['Release-Manager', ['Release-Manager']],
  ['dba_2', ['dba_2']],
])('%j names the roles %j', (text, names) => expect(roles(text)).toEqual(names));

test.each(['', ',', 'a,', 'a b', '1a', '-a', 'role:dba', 'a;b', 'é', 'a\nb'])('%j names no roles', (text) =>
  expect(() => roles(text)).toThrow('Expected a role, or several with commas between.'),
);

test('a level of the log is one of its own words, as they are written', () => {
  expect(LOG_LEVELS.map(logLevel)).toEqual([...LOG_LEVELS]);
  for (const text of ['', 'INFO', 'warning', 'err', '30']) {
    expect(() => logLevel(text)).toThrow(`Expected one of: ${LOG_LEVELS.join(', ')}.`);
  }
});

test.each([
  ['0s', 0],
  ['1h30m', 5_400_000],
  ['1d', DAY_MS],
  ['90', undefined],
  ['m5', undefined],
  ['5 m', undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['30m1h', undefined],
  ['9007199254740992ms', undefined],
])('%j is a duration of %s ms', (text, ms) => {
  expect(read(durationMs, text)).toBe(ms);
});
