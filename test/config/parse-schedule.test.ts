import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../src/config/parse-schedule.ts';

const body = { job: 'backup', cron: '0 2 * * *', chat: 'telegram:-100' };
const problemsOf = (more: object): readonly string[] => {
  const read = parseSchedule('nightly', { ...body, ...more });
  return read.ok ? [] : read.problems;
};

describe('a schedule over HTTP', () => {
  test('is what the file would say, its parameters as they were written', () => {
    const params = { db: 'main', times: 3, share: 0.5, dry: false, text: ' x ' };
    expect(
      parseSchedule('nightly', {
        ...body,
        timezone: 'Europe/Berlin',
        params,
        decideBy: '1h30m',
        overlap: 'queue',
        escalate: { after: '10m', to: 'role:owner' },
      }),
    ).toEqual({
      ok: true,
      wanted: {
        jobKey: 'backup',
        cron: '0 2 * * *',
        timezone: 'Europe/Berlin',
        chat: 'telegram:-100',
        overlap: 'queue',
        decideByMs: 5_400_000,
        escalate: { afterMs: 600_000, to: 'role:owner' },
        given: { db: 'main', times: '3', share: '0.5', dry: 'false', text: ' x ' },
      },
    });
  });

  test('has the defaults of the file', () => {
    expect(parseSchedule('nightly', body)).toEqual({
      ok: true,
      wanted: {
        jobKey: 'backup',
        cron: '0 2 * * *',
        timezone: 'UTC',
        chat: 'telegram:-100',
        overlap: 'skip',
        given: {},
      },
    });
  });

  test('leaves it to the rules to judge its timing, which gives it a code of its own', () => {
    for (const more of [{ cron: 'at noon' }, { cron: '* * * * * *' }, { timezone: 'Mars/Base' }]) {
      expect(problemsOf(more)).toEqual([]);
    }
    expect(problemsOf({ cron: '' })).toEqual(['schedules.nightly.cron: must not be empty']);
    expect(problemsOf({ cron: '*'.repeat(201) })).toEqual([
      'schedules.nightly.cron: is too long; at most 200 characters',
    ]);
  });

  test.each<[object, string]>([
    [{ cronn: 'x' }, 'schedules.nightly.cronn: unknown key; did you mean "cron"?'],
    [{ after: '5m' }, 'schedules.nightly.after: unknown key; it belongs under "escalate"'],
    [
      { overlap: 'skp' },
      'schedules.nightly.overlap: "skp" is not one of skip, queue, allow; did you mean "skip"?',
    ],
    [{ job: undefined }, 'schedules.nightly.job: missing; expected text'],
    [{ job: 7 }, 'schedules.nightly.job: expected text, got 7; write it in quotes: "7"'],
    [{ params: [] }, 'schedules.nightly.params: expected a mapping of keys to values, got a list'],
    [{ params: { db: null } }, 'schedules.nightly.params.db: expected text, a number, true or false'],
    [{ decideBy: '31d' }, 'schedules.nightly.decideBy: must be at most 30d'],
    [{ decideBy: '0s' }, 'schedules.nightly.decideBy: must be longer than nothing'],
    [{ chat: 'telegrm:-100' }, 'schedules.nightly.chat: no channel called "telegrm"'],
  ])('with %j is refused with the words of the file', (more, words) => {
    const problems = problemsOf(more);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
  });

  test('tells all that is wrong at once', () => {
    expect(problemsOf({ overlap: 'no', job: 1, more: true })).toHaveLength(3);
  });

  test.each([null, undefined, 'x', 7, [], [body]])('is no %j', (given) => {
    expect(parseSchedule('nightly', given)).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^schedules\.nightly: /)],
    });
  });

  test('ends, however it is built', () => {
    const endless: Record<string, unknown> = { ...body };
    endless['params'] = endless;
    expect(problemsOf({ params: endless })[0]).toContain('is nested more than 40 deep');
    const polluted = JSON.parse('{"params":{"__proto__":{"job":"x"}}}') as object;
    expect(problemsOf(polluted)).toEqual(['schedules.nightly.params.__proto__: this key is not allowed']);
    expect(
      problemsOf({ params: Object.fromEntries(Array.from({ length: 50_001 }, (_, at) => [`p${at}`, 1])) }),
    ).toEqual(['schedules.nightly: holds more than 50000 values']);
  });

  test('may have a name that is written in quotes', () => {
    const read = parseSchedule('at.night', { ...body, job: 1 });
    expect(read.ok ? [] : read.problems[0]).toMatch(/^schedules\["at\.night"\]\.job: /);
  });
});
