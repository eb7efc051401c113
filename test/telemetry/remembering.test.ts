import { describe, expect, test } from 'vitest';
import { isoClock, remembering } from '../../src/telemetry/remembering.ts';
import { seeded } from '../seeded.ts';

describe('remembering', () => {
  const counting = () => {
    const asked: string[] = [];
    const answer = remembering((text) => {
      asked.push(text);
      return text.toUpperCase();
    });
    return { asked, answer };
  };

  test('the same question is answered once and ever after the same', () => {
    const { asked, answer } = counting();
    expect(['a', 'b', 'a', '', ''].map(answer)).toEqual(['A', 'B', 'A', '', '']);
    expect(asked).toEqual(['a', 'b', '']);
  });

  test('a name is kept up to 64 characters, and a longer text is no name', () => {
    const { asked, answer } = counting();
    const [name, text] = ['n'.repeat(64), 't'.repeat(65)];
    for (const question of [name, name, text, text]) answer(question);
    expect(asked).toEqual([name, text, text]);
  });

  test('names of objects are names like others', () => {
    const { answer } = counting();
    expect(['constructor', '__proto__', 'constructor'].map(answer)).toEqual([
      'CONSTRUCTOR',
      '__PROTO__',
      'CONSTRUCTOR',
    ]);
  });

  test('2000 names are known at once; with one more it begins anew and still answers rightly', () => {
    const { asked, answer } = counting();
    const names = Array.from({ length: 2000 }, (_, n) => `run-${n}`);
    for (const name of [...names, ...names]) answer(name);
    expect(asked).toHaveLength(2000);
    expect(answer('run-2000')).toBe('RUN-2000');
    expect(answer('run-0')).toBe('RUN-0');
    expect(asked.slice(2000)).toEqual(['run-2000', 'run-0']);
  });
});

describe('the clock of the log', () => {
  const reading = (moments: readonly number[]): readonly string[] => {
    let at = 0;
    const clock = isoClock(() => moments[at++] ?? Number.NaN);
    return moments.map(() => clock());
  };

  test('says what the date says, forwards, backwards and again within a second', () => {
    const chance = seeded(20);
    const around = Date.UTC(2028, 1, 29, 23, 59, 58);
    const moments = Array.from({ length: 500 }, () => around + Math.floor(chance() * 4000));
    expect(reading(moments)).toEqual(moments.map((ms) => new Date(ms).toISOString()));
  });

  test.each([
    ['the beginning of time', 0, '1970-01-01T00:00:00.000Z'],
    ['a millisecond before it', -1, '1969-12-31T23:59:59.999Z'],
    ['a second before it', -1000, '1969-12-31T23:59:59.000Z'],
    ['the last moment of a year', Date.UTC(2027, 0, 1) - 1, '2026-12-31T23:59:59.999Z'],
    ['a part of a millisecond', Date.UTC(2027, 0, 1) - 0.25, '2026-12-31T23:59:59.999Z'],
    ['one digit', Date.UTC(2026, 0, 1) + 7, '2026-01-01T00:00:00.007Z'],
  ])('%s', (_what, ms, text) => {
    expect(reading([ms])).toEqual([text]);
  });
});
