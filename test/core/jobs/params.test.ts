import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParamSpec } from '../../../src/core/jobs/job.ts';
import { checkParams, readValue } from '../../../src/core/jobs/params.ts';
import { canonical } from '../../../src/core/runs/canonical.ts';
import { parse } from '../../../src/core/text/grammar/parse.ts';

type Specs = Readonly<Record<string, ParamSpec>>;

const restartWeb: Specs = {
  env: { type: 'string', required: true, enum: ['staging', 'prod'] },
  hosts: { type: 'integer', required: false, default: 1, min: 1, max: 8 },
  drain: { type: 'duration', required: false, default: '30s' },
  note: { type: 'string', required: false, maxLength: 20 },
};

const asked = (text: string, specs: Specs = restartWeb) => {
  const intent = parse(`run x ${text}`);
  if (intent.type !== 'RunJob') throw new Error(`read as ${intent.type}`);
  return checkParams(specs, intent.args);
};

const problems = (text: string, specs?: Specs): readonly string[] => {
  const checked = asked(text, specs);
  return checked.ok ? [] : checked.problems;
};

describe('parameters that fit', () => {
  test('are read as their types; what nobody gave is marked as default', () =>
    expect(asked('env=staging hosts=2')).toEqual({
      ok: true,
      params: { env: 'staging', hosts: 2, drain: '30s' },
      defaulted: ['drain'],
    }));
  test('come in the order of the definition', () =>
    expect(Object.keys((asked('note=x hosts=2 env=prod') as { params: object }).params)).toEqual([
      'env',
      'hosts',
      'drain',
      'note',
    ]));
  test('without a default may be left out when nobody needs them', () =>
    expect(asked('env=prod')).toMatchObject({ ok: true, params: { env: 'prod', hosts: 1, drain: '30s' } }));
});

describe('parameters that do not fit', () => {
  test('every problem is told at once, in the order given, with a line to copy', () =>
    expect(asked('env=stagin host=2')).toEqual({
      ok: false,
      problems: [
        'env: "stagin" is not one of staging, prod. Did you mean staging?',
        'host: unknown parameter. Did you mean hosts?',
      ],
      corrected: ['env=staging', 'hosts=2'],
    }));
  test.each([
    ['env=staging hosts=12', 'hosts must be between 1 and 8; you wrote 12.'],
    ['', 'env: needed (staging or prod).'],
    ['env=prod hosts=two', 'hosts: "two" is not a whole number.'],
    ['env=prod hosts=1.5', 'hosts: "1.5" is not a whole number.'],
    ['env=prod drain=soon', 'drain: "soon" is not a duration such as 30s, 10m or 2h.'],
    ['env=prod env=staging', 'env: given twice.'],
    ['env=prod fast', '"fast": write it as name=value.'],
    ['env=prod colour=red', 'colour: unknown parameter.'],
    ['env=prod __proto__=1', '__proto__: unknown parameter.'],
    ['env=prod constructor=1', 'constructor: unknown parameter.'],
    ['env=nowhere', 'env: "nowhere" is not one of staging, prod.'],
    ['env=prod note="12345678901234567890x"', 'note: at most 20 characters; you wrote 21.'],
    ['env=prod note=--force', 'note: must not start with "-".'],
    ['env=prod note="two\nlines"', 'note: line breaks and control characters are not allowed.'],
  ])('%s', (text, problem) => expect(problems(text)).toEqual([problem]));
  test.each([
    ['', true],
    ['hosts=2', true],
    ['hosts=12', undefined],
    ['envv=prod', undefined],
    ['hosts=2 fast', undefined],
  ])('only incomplete, or wrong as well: "%s"', (text, incomplete) =>
    expect((asked(text) as { incomplete?: true }).incomplete).toBe(incomplete),
  );
  test('one allowed value is no choice', () =>
    expect(problems('', { to: { type: 'string', required: true, enum: ['prod'] } })).toEqual([
      'to: needed (prod).',
    ]));
  test('a long word is cut', () =>
    expect(problems(`env=prod ${'x'.repeat(200)}=1`)).toEqual([`"${'x'.repeat(79)}…": unknown parameter.`]));
});

describe('a line to copy', () => {
  const copy = (text: string, specs?: Specs) => {
    const checked = asked(text, specs);
    return checked.ok ? undefined : checked.corrected?.join(' ');
  };
  test('keeps what was right and quotes where it must', () =>
    expect(copy('env=stagin note="after deploy 41"')).toBe('env=staging note="after deploy 41"'));
  test('takes the first allowed value for one that is missing', () =>
    expect(copy('host=2')).toBe('env=staging hosts=2'));
  test("is not made up where a value is anybody's guess", () => {
    expect(copy('hosts=12 env=prod')).toBeUndefined();
    expect(copy('', { to: { type: 'string', required: true } })).toBeUndefined();
  });
  test('drops a name that nothing resembles', () => expect(copy('env=prod colour=red')).toBe('env=prod'));
  test('a mistyped name does not stand in the way of the right one', () =>
    expect(asked('host=99 hosts=2 env=prod')).toMatchObject({
      problems: ['host: unknown parameter. Did you mean hosts?'],
      corrected: ['env=prod', 'hosts=2'],
    }));
});

describe('values', () => {
  const value = (spec: Partial<ParamSpec> & Pick<ParamSpec, 'type'>, text: string) => {
    const finding = readValue('p', { required: true, ...spec }, text);
    return finding.ok ? finding.value : finding.problem;
  };
  test.each([
    ['+7', 7],
    ['-0', 0],
    ['007', 7],
    ['9007199254740993', 'p: "9007199254740993" is not a whole number.'],
  ])('integer %s', (text, read) => expect(value({ type: 'integer' }, text)).toBe(read));
  test.each([
    ['1.50', '1.5'],
    ['+01', '1'],
    ['-0.0', '0'],
    ['100', '100'],
    ['0', '0'],
    ['-0.50', '-0.5'],
    ['10.0', '10'],
    ['0.0000001', '0.0000001'],
    ['123456789012345.123456789012', '123456789012345.123456789012'],
    ['1e3', 'p: "1e3" is not a number.'],
    ['', 'p: "" is not a number.'],
  ])('number %s', (text, read) => expect(value({ type: 'number' }, text)).toBe(read));
  test.each([
    ['YES', true],
    ['on', true],
    ['1', true],
    ['false', false],
    ['No', false],
    ['maybe', 'p: "maybe" is not true or false.'],
  ])('boolean %s', (text, read) => expect(value({ type: 'boolean' }, text)).toBe(read));
  test.each([
    ['90s', '90s'],
    ['120s', '2m'],
    ['3h', 'p must be between 1m and 2h; you wrote 3h.'],
  ])('duration %s', (text, read) =>
    expect(value({ type: 'duration', min: 60_000, max: 7_200_000 }, text)).toBe(read),
  );
  test('one bound', () => {
    expect(value({ type: 'integer', min: 3 }, '2')).toBe('p must be at least 3; you wrote 2.');
    expect(value({ type: 'number', max: 0.5 }, '0.6')).toBe('p must be at most 0.5; you wrote 0.6.');
  });
  test('a needed text is not empty', () => {
    expect(value({ type: 'string' }, '')).toBe('p: must not be empty.');
    expect(value({ type: 'string', required: false }, '')).toBe('');
  });
  test('a pattern covers the whole text', () => {
    expect(value({ type: 'string', pattern: '\\d{4}' }, '0042')).toBe('0042');
    expect(value({ type: 'string', pattern: '\\d{4}' }, '00421')).toBe('p: "00421" does not match \\d{4}.');
    expect(value({ type: 'string', pattern: 'a|b' }, 'bc')).toBe('p: "bc" does not match a|b.');
  });
  test('a dash in front is taken where the job says so', () =>
    expect(value({ type: 'string', allowDash: true }, '--force')).toBe('--force'));
  test('a list of numbers is compared as read', () => {
    expect(value({ type: 'integer', enum: [1, 2] }, '+2')).toBe(2);
    expect(value({ type: 'integer', enum: [1, 2] }, '3')).toBe('p: "3" is not one of 1, 2.');
  });
});

test('whatever is given, nothing is thrown, and what is accepted can be hashed', () => {
  const words = fc.array(fc.tuple(fc.constantFrom('env', 'hosts', 'drain', 'note', 'x'), fc.string()));
  fc.assert(
    fc.property(words, (given) => {
      const args = { given: given.map(([name, value]) => ({ name, value })), stray: [] };
      const checked = checkParams(restartWeb, args);
      expect(checked.ok ? canonical(checked.params) : checked.problems.join('')).not.toBe('');
    }),
  );
});

test('the line to copy is read as what was meant, quotes and all', () => {
  const word = fc.constantFrom('staging', 'two words', 'say "hi"', "it's", `both " and '`, '', 'ä=b');
  fc.assert(
    fc.property(word, (note) => {
      const args = {
        given: [
          { name: 'env', value: 'stagin' },
          { name: 'note', value: note },
        ],
        stray: [],
      };
      const checked = checkParams(restartWeb, args);
      if (checked.ok) throw new Error('a mistyped value was taken');
      const { corrected } = checked;
      const read = corrected === undefined ? 'cannot be written' : asked(corrected.join(' '));
      const meant = {
        ok: true,
        params: { env: 'staging', note, hosts: 1, drain: '30s' },
        defaulted: ['hosts', 'drain'],
      };
      expect(read).toEqual(note.includes('"') && note.includes("'") ? 'cannot be written' : meant);
    }),
  );
});

test('a lone word is offered for the only parameter that there is', () =>
  expect(asked('world', { name: { type: 'string', required: false, default: 'you' } })).toEqual({
    ok: false,
    problems: ['"world": write it as name=value.'],
    corrected: ['name=world'],
  }));
