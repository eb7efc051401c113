import { describe, expect, test } from 'vitest';
import { cronProblem } from '../../src/config/cron.ts';
import { calendar } from '../../src/scheduler/calendar.ts';

const problem = (cron: string, timezone = 'Europe/Berlin') => calendar.problem({ cron, timezone });

describe('what is wrong with a timing is said with its place', () => {
  test.each([
    ['61 2 * * *', 'minute "61" at character 1 is none; it takes 0-59'],
    ['0  25 * * *', 'hour "25" at character 4 is none; it takes 0-23'],
    ['0 2 32 * *', 'day "32" at character 5 is none; it takes 1-31 or L'],
    ['0 2 * 13 *', 'month "13" at character 7 is none; it takes 1-12 or JAN-DEC'],
    ['0 2 * * mox', 'weekday "mox" at character 9 is none; it takes 0-7 or SUN-SAT'],
    ['61 0 2 * * *', 'second "61" at character 1 is none; it takes 0-59'],
    ['5-1 * * * *', 'minute "5-1" at character 1 is none; it takes 0-59'],
  ])('%s', (cron, place) => {
    const shown = cron.replaceAll(/\s+/g, ' ');
    expect(problem(cron)).toEqual({
      why: 'bad_cron',
      words: `"${shown}" is not a cron expression: ${place}`,
    });
  });

  test('too few fields, too many, and a nickname that there is not', () => {
    expect(problem('0 2 * *')?.words).toBe('"0 2 * *" has 4 of 5 fields: minute, hour, day, month, weekday');
    expect(problem('0 0 2 * * * *')?.words).toBe(
      '"0 0 2 * * * *" has 7 fields; at most 6 are read (seconds first)',
    );
    expect(problem('@often')?.words).toMatch(/^"@often" is not a cron expression: /);
    expect(problem('@daily')).toBeUndefined();
  });
});

test('a zone is named as the world names it, and the nearest is offered', () => {
  expect(problem('0 2 * * *', 'Europe/Berln')).toEqual({
    why: 'unknown_timezone',
    words: '"Europe/Berln" is not a time zone; did you mean "Europe/Berlin"?',
  });
  expect(problem('0 2 * * *', '+02:00')?.words).toBe('"+02:00" is not a time zone');
});

test('what never comes and what comes all the time are no timings', () => {
  expect(problem('0 0 30 2 *')).toEqual({ why: 'never_fires', words: '"0 0 30 2 *" never comes round' });
  expect(problem('* * * * * *')?.why).toBe('too_often');
  expect(problem('0,30 0 2 * * *')?.why).toBe('too_often');
  expect(problem('30 * * * * *')).toBeUndefined();
  expect(problem('* * * * *')).toBeUndefined();
});

test('the file takes the same expressions as a chat', () => {
  for (const cron of [
    '0 2 * * *',
    '30 0 2 * * *',
    '30 * * * * *',
    '@daily',
    '0 2 * *',
    '0 0 30 2 *',
    '* * * * * *',
  ]) {
    expect(cronProblem(cron)).toBe(problem(cron)?.words);
  }
});
