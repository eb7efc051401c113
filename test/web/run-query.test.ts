import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUN_STATUSES } from '../../src/core/runs/run.ts';
import { runFilter } from '../../src/web/api/run-query.ts';
import { ProblemError } from '../../src/web/problem.ts';

const read = (query: string) => runFilter(new URLSearchParams(query));

/** The words of the refusal; a failure when there is none, or when it is no refusal but a fault. */
const refusalOf = (query: string | URLSearchParams): string => {
  try {
    runFilter(new URLSearchParams(query));
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status: 400, code: 'bad_filter' });
    return error instanceof Error ? error.message : '';
  }
  return 'not refused';
};

const ALWAYS = { seed: 20_261_127, numRuns: 300 };

/** Of names of ours, of queries, and of everything else. */
const letters = fc.constantFrom(...Array.from('statusjoblimcrJOB=&,;%+ \u0000ü⏳'));

const inSomeCase = (word: string) =>
  fc.mixedCase(fc.constant(word)).chain((text) => fc.constantFrom(text, ` ${text}`, `${text} `));

const statuses = fc
  .array(fc.constantFrom(...RUN_STATUSES), { minLength: 1, maxLength: 12 })
  .chain((words) => fc.tuple(fc.constant(words), fc.tuple(...words.map(inSomeCase))));

describe('a filter of runs', () => {
  test('is 20 of all runs when nothing is said', () => {
    expect(read('')).toEqual({ limit: 20 });
  });

  test('names states in any case, in one list or several, each once', () => {
    fc.assert(
      fc.property(statuses, fc.nat(12), ([words, written], cut) => {
        const lists = [written.slice(0, cut), written.slice(cut)].filter((list) => list.length > 0);
        const query = new URLSearchParams();
        for (const list of lists) query.append('status', list.join(','));
        expect(runFilter(query)).toEqual({ limit: 20, status: [...new Set(words)] });
      }),
      ALWAYS,
    );
  });

  test('takes every whole number from 1 to 100, and no other', () => {
    for (let limit = 1; limit <= 100; limit += 1) expect(read(`limit=${limit}`)).toEqual({ limit });
    expect(read('limit=007')).toEqual({ limit: 7 });
    for (const limit of [
      '0',
      '101',
      '-1',
      '%2B5',
      '5.0',
      '5%20',
      '0x10',
      'Infinity',
      'NaN',
      '',
      '٣',
      '9'.repeat(400),
    ]) {
      expect(refusalOf(`limit=${limit}`)).toBe('limit is a whole number from 1 to 100.');
    }
  });

  test('takes whatever key a job may have', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/), (job) => {
        expect(runFilter(new URLSearchParams({ job }))).toEqual({ limit: 20, jobKey: job });
      }),
      ALWAYS,
    );
  });

  test.each(['', '-a', '.a', 'A', 'a b', 'a/b', 'ä', 'a\u0000', `a${'b'.repeat(63)}`, "a'--", 'a\n'])(
    'no job is called %j',
    (job) => expect(refusalOf(new URLSearchParams({ job }))).toContain('cannot be the key of a job'),
  );

  test('takes back any cursor that it could have given', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{1,200}$/), (cursor) => {
        expect(runFilter(new URLSearchParams({ cursor }))).toEqual({ limit: 20, cursor });
      }),
      ALWAYS,
    );
  });

  test.each(['', ' ', 'a b', 'ü', '\u007f', 'x'.repeat(201)])('%j is no cursor', (cursor) => {
    expect(refusalOf(new URLSearchParams({ cursor }))).toBe('cursor is what nextCursor said.');
  });
});

describe('a misspelt filter', () => {
  test.each([
    ['statuses=Failed', 'unknown filter "statuses". Did you mean "status"?'],
    ['Status=Failed', 'unknown filter "Status". Did you mean "status"?'],
    ['jobs=backup', 'unknown filter "jobs". Did you mean "job"?'],
    ['limits=5', 'unknown filter "limits". Did you mean "limit"?'],
    ['__proto__=x', 'unknown filter "__proto__".'],
    ['=x', 'unknown filter "".'],
    ['status=Faild', 'unknown status "Faild". Did you mean "Failed"?'],
    ['status=Failed,,Denied', `unknown status "". One of ${RUN_STATUSES.join(', ')}.`],
    ['job=a&job=b', '"job" is given twice.'],
    ['cursor=a&cursor=a', '"cursor" is given twice.'],
  ])('%s is told as one', (query, words) => expect(refusalOf(query)).toBe(words));

  test('never shows everything quietly: whatever it is called it is refused', () => {
    const known = ['status', 'job', 'limit', 'cursor'];
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 70 }).filter((name) => !known.includes(name)),
        fc.string({ maxLength: 20 }),
        (name, value) => {
          expect(refusalOf(new URLSearchParams({ [name]: value }))).toContain('unknown filter');
        },
      ),
      { ...ALWAYS, numRuns: 60 },
    );
  });

  test('of any length is answered with at most a few lines', () => {
    for (const query of [`${'x'.repeat(5000)}=1`, `status=${'y'.repeat(5000)}`, `job=${'Z'.repeat(5000)}`]) {
      expect(refusalOf(query).length).toBeLessThan(250);
    }
  });

  test('is told even where everything else is right', () => {
    expect(refusalOf('status=Failed&limit=5&job=backup&colour=red')).toBe('unknown filter "colour".');
  });
});
