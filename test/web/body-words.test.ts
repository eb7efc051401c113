import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

const KEY = { 'idempotency-key': 'k' };

const problemsOf = async (path: string, json: unknown): Promise<readonly string[]> => {
  const { call } = await world();
  const answer = await call(path, { json, headers: KEY });
  expect(answer.json).toMatchObject({ status: 400, code: 'invalid_body' });
  expect(answer.json.detail).toBe(answer.json.problems.join(' · '));
  // The words of the library that reads bodies are for programmers.
  expect(answer.json.detail).not.toMatch(/Invalid|expected|received|undefined|unrecognized|regex|pattern/i);
  return answer.json.problems;
};

const said = { from: 'ana', conversation: 'ops', body: 'run demo' };
const fieldNames = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, 1]));

describe('a body that cannot be used is told why', () => {
  test.each<[string, unknown, readonly string[]]>([
    [
      'nothing in it',
      {},
      [
        'from: is missing; it must be text',
        'conversation: is missing; it must be text',
        'body: is missing; it must be text',
      ],
    ],
    ['a list', [], ['The body must be a JSON object, not a list']],
    ['null', null, ['The body must be a JSON object, not null']],
    ['a word', 'run demo', ['The body must be a JSON object, not text']],
    ['a number', 7, ['The body must be a JSON object, not a number']],
    ['a number for a name', { ...said, from: 7 }, ['from: must be text, not a number']],
    ['a list for a text', { ...said, body: ['run'] }, ['body: must be text, not a list']],
    ['an object for a text', { ...said, body: {} }, ['body: must be text, not a JSON object']],
    ['null for a text', { ...said, body: null }, ['body: must be text, not null']],
    ['true for a text', { ...said, body: true }, ['body: must be text, not true']],
    ['an empty name', { ...said, from: '' }, ['from: must not be empty']],
    ['a long name', { ...said, from: 'a'.repeat(101) }, ['from: must have at most 100 characters']],
    [
      'a name with NUL',
      { ...said, from: 'a\u0000' },
      ['from: must not contain control or hidden characters'],
    ],
    [
      'several mistakes',
      { from: '', conversation: 7 },
      [
        'from: must not be empty',
        'conversation: must be text, not a number',
        'body: is missing; it must be text',
      ],
    ],
    [
      'a misspelt field',
      { form: 'ana', conversation: 'ops', body: 'x' },
      ['from: is missing; it must be text', 'form: unknown key; did you mean "from"?'],
    ],
    [
      'a misspelt field that may be left out',
      { ...said, providerMessageID: 'm1' },
      ['providerMessageID: unknown key; did you mean "providerMessageId"?'],
    ],
  ])('POST /dev/inbound: %s', async (_what, json, problems) => {
    expect(await problemsOf('/dev/inbound', json)).toEqual(problems);
  });

  test.each<[string, unknown, readonly string[]]>([
    ['nothing in it', {}, ['job: is missing; it must be text']],
    ['null for a job', { job: null }, ['job: must be text, not null']],
    ['an empty job', { job: '' }, ['job: must not be empty']],
    [
      'wrong values',
      { job: 'demo', params: { a: {}, b: null, c: [] } },
      [
        'params.a: must be text, a number, true or false, not a JSON object',
        'params.b: must be text, a number, true or false, not null',
        'params.c: must be text, a number, true or false, not a list',
      ],
    ],
    [
      'a long value',
      { job: 'demo', params: { a: 'x'.repeat(4097) } },
      ['params.a: must have at most 4096 characters'],
    ],
    [
      'a long name of a value',
      { job: 'demo', params: { ['x'.repeat(101)]: 1 } },
      [`params.${'x'.repeat(101)}: must have at most 100 characters`],
    ],
    ['a list of values', { job: 'demo', params: [] }, ['params: must be a JSON object, not a list']],
    [
      'everything at once',
      { jbo: 'demo', params: { a: null }, colour: 'red' },
      [
        'params.a: must be text, a number, true or false, not null',
        'jbo: unknown key; did you mean "job"?',
        'colour: unknown key; it takes job, jobKey, params',
        'job: is missing; it must be text',
      ],
    ],
  ])('POST /runs: %s', async (_what, json, problems) => {
    expect((await problemsOf('/runs', json)).toSorted()).toEqual(problems.toSorted());
  });

  test('an endless number is too large', async () => {
    const { call } = await world();
    const { json } = await call('/runs', {
      method: 'POST',
      body: '{"job":"demo","params":{"a":1e999}}',
      headers: { ...KEY, 'content-type': 'application/json' },
    });
    expect(json.problems).toEqual([
      'params.a: must be text, a number, true or false, not a number that is too large',
    ]);
  });

  test('a bad key of a job does not hide what else is wrong', async () => {
    const problems = await problemsOf('/jobs', { key: 'No Key', titel: 'x', demo: {} });
    expect(problems).toEqual([
      'key: must have 1 to 63 of a-z, 0-9, "-", "_" and ".", and begin with a letter or digit',
      'jobs.KEY.titel: unknown key; did you mean "title"?',
    ]);
    expect(await problemsOf('/jobs', { demo: {} })).toEqual(['key: is missing; it must be text']);
  });

  test('of very many mistakes the first ones are told, and how many more there are', async () => {
    const problems = await problemsOf('/runs', { job: 'demo', ...fieldNames(1000) });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('and 980 more');
  });

  test('the dev door ignores a field that it has no meaning for', async () => {
    const { call } = await world();
    const answer = await call('/dev/inbound', { json: { ...said, locale: 'de', froms: 'x' } });
    expect(answer.status).toBe(200);
  });
});
