import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParamSpec } from '../../../src/core/jobs/job.ts';
import { type HttpCall, redirected } from '../../../src/worker/executors/http-call.ts';
import { fillJson, fillText, isPlaceholder } from '../../../src/worker/executors/placeholders.ts';

const specs = {
  name: { type: 'string' },
  count: { type: 'number' },
  dry: { type: 'boolean' },
} as unknown as Readonly<Record<string, ParamSpec>>; // only the kind of a parameter matters here
const params = { name: '{count}', count: '12', dry: true };

describe('placeholders', () => {
  test.each([
    ['{name}', '{count}'],
    ['{count}', '12'],
    ['{dry}', 'true'],
    // Only a whole argument is one.
    ['--name={name}', '--name={name}'],
    ['{name}{name}', '{name}{name}'],
    [' {name}', ' {name}'],
    ['{name}\n', '{name}\n'],
    ['{{name}}', '{{name}}'],
    ['{}', '{}'],
    ['{1name}', '{1name}'],
    // A name that the job does not declare is a program for awk.
    ['{print}', '{print}'],
    ['{constructor}', '{constructor}'],
    ['{__proto__}', '{__proto__}'],
    ['', ''],
  ])('%j becomes %j', (text, filled) => expect(fillText(text, specs, params)).toBe(filled));

  test('a declared parameter without a value is a reason, in words', () =>
    expect(fillText('{name}', specs, {})).toEqual({ why: 'parameter "name" has no value' }));

  test('what a value says is never read again, whatever it is', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('{name}', '{count}', '{secret:X}', '$&')),
        (value) => {
          expect(fillText('{name}', specs, { name: value })).toBe(value);
          expect(fillJson({ a: ['{name}'] }, specs, { name: value })).toEqual({ json: { a: [value] } });
        },
      ),
    ));

  test('a body without placeholders is the body', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (json) => {
        // JSON has no other zero.
        const plain = JSON.parse(JSON.stringify(json)) as typeof json;
        fc.pre(!JSON.stringify(plain).includes('{name}'));
        const asked = JSON.parse(JSON.stringify(plain)) as Parameters<typeof fillJson>[0];
        expect(fillJson(asked, {}, {})).toEqual({ json: plain });
      }),
    ));

  test('in a body values keep their kinds, at any depth, and keys stay as they are', () => {
    const body = { '{name}': '{name}', list: [['{count}', { dry: '{dry}' }], null, 7, '{other}'] };
    expect(fillJson(body, specs, params)).toEqual({
      json: { '{name}': '{count}', list: [[12, { dry: true }], null, 7, '{other}'] },
    });
  });

  test('of several that are missing the first is named', () =>
    expect(fillJson({ a: ['{dry}', '{count}'], b: '{name}' }, specs, { name: 'x' })).toEqual({
      why: 'parameter "dry" has no value',
    }));

  test.each([
    ['{a}', true],
    ['{_a-9}', true],
    ['{a b}', false],
    ['a{b}', false],
    ['{ä}', false],
  ])('%j is one: %s', (text, is) => expect(isPlaceholder(text)).toBe(is));
});

const call: HttpCall = {
  method: 'POST',
  url: 'https://example.test/deep/start?x=1',
  headers: { 'idempotency-key': 'k' },
  body: '{}',
  where: 'POST example.test',
};

const to = (location: string | undefined, status = 307): Response =>
  new Response(null, { status, headers: location === undefined ? {} : { location } });

describe('a redirect', () => {
  test.each([
    ['/there', 'https://example.test/there'],
    ['there?y=2', 'https://example.test/deep/there?y=2'],
    ['https://example.test:443/there', 'https://example.test/there'],
    ['//example.test/there', 'https://example.test/there'],
  ])('to %s stays with the origin and is followed', (location, url) =>
    expect(redirected(call, to(location))?.url).toBe(url),
  );

  test.each([
    'https://other.test/',
    'http://example.test/',
    'https://example.test:8443/',
    '//other.test/',
    'https://example.test.other.test/',
    'https://example.test@other.test/',
    'javascript:alert(1)',
    'http://',
    undefined,
  ])('to %s is not: it would take secrets elsewhere', (location) =>
    expect(redirected(call, to(location))).toBeUndefined(),
  );

  test.each([200, 204, 300, 304, 400, 404, 500])('is none with %i, whatever the answer names', (status) =>
    expect(redirected(call, to('/there', status))).toBeUndefined(),
  );

  test.each([307, 308])('with %i the same is asked again', (status) =>
    expect(redirected(call, to('/there', status))).toEqual({ ...call, url: 'https://example.test/there' }),
  );

  test.each([301, 302, 303])('with %i nothing is done a second time', (status) => {
    const { body: _, ...rest } = call;
    expect(redirected(call, to('/there', status))).toEqual({
      ...rest,
      method: 'GET',
      url: 'https://example.test/there',
    });
  });
});
