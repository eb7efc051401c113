import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionData, readActionData } from '../../src/bot/action-data.ts';
import type { ButtonToken } from '../../src/core/ports/channel.ts';
import type { Action, Verb } from '../../src/core/text/cards/rich.ts';

const BYTES_MAX = 64;
const SECRET = 'Zm9vYmFy-_0123ab';
const token: ButtonToken = () => SECRET;
const ALWAYS = { seed: 20_261_127, numRuns: 300 };
const UNKNOWN = { verb: 'no', argument: 'unknown' };

const ON_RUNS: readonly Verb[] = ['ap', 'dn', 'dt', 'rs', 'cx', 'lg', 'ra', 'rc'];
const ON_OTHERS: readonly Verb[] = ['rn', 'jb', 'jd', 'op', 'wt', 'fl', 'rs2', 'sp'];
const LINES: readonly Verb[] = ['rd', 'fm'];

const runId = fc.stringMatching(/^[0-9A-Z]{6}$/);
const name = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,39}$/);
const line = fc.string({ unit: fc.constantFrom(...Array.from('ab=:"\' ü⏳1')), minLength: 1, maxLength: 20 });

const button = (verb: Verb, more: Partial<Action> = {}): Action => ({ verb, label: 'x', ...more });
const pressed = (action: Action) => readActionData(actionData(action, token, BYTES_MAX), BYTES_MAX);

describe('what a button carries comes back as it was', () => {
  test.each(ON_RUNS)('a run with its token (%s)', (verb) => {
    fc.assert(
      fc.property(runId, (id) => {
        const bound = { epoch: 1, digest: 'd' };
        expect(pressed(button(verb, { runId: id, bound }))).toEqual({ verb, runId: id, token: SECRET });
        expect(pressed(button(verb, { runId: id }))).toEqual({ verb, runId: id });
      }),
      ALWAYS,
    );
  });

  test.each(ON_OTHERS)('a job or a page (%s)', (verb) => {
    fc.assert(
      fc.property(name, (argument) => {
        expect(pressed(button(verb, { argument }))).toEqual({ verb, argument });
      }),
      ALWAYS,
    );
    expect(pressed(button(verb))).toEqual({ verb });
  });

  test.each(LINES)('a line of the grammar, or nothing at all when it does not fit (%s)', (verb) => {
    fc.assert(
      fc.property(line, (argument) => {
        const fits = Buffer.byteLength(`v1:${verb}:${argument}`) <= BYTES_MAX;
        expect(pressed(button(verb, { argument }))).toEqual(fits ? { verb, argument } : UNKNOWN);
      }),
      ALWAYS,
    );
  });

  test.each<[Verb, string]>([
    ['pv', 'K7M2QX:name:3'],
    ['pd', 'K7M2QX:some-name_2'],
    ['px', 'K7M2QX'],
  ])('a question (%s)', (verb, argument) => {
    expect(pressed(button(verb, { argument }))).toEqual({ verb, argument });
  });
});

test('the token is made of the verb, the run and what it is bound to', () => {
  const seen: unknown[] = [];
  const noting: ButtonToken = (of) => {
    seen.push(of);
    return SECRET;
  };
  const bound = { epoch: 2, digest: 'abc' };
  actionData(button('ap', { runId: 'K7M2QX', bound }), noting, BYTES_MAX);
  // Without a run there is nothing that it could be bound to.
  actionData(button('rn', { argument: 'backup', bound }), noting, BYTES_MAX);
  expect(seen).toEqual([{ verb: 'ap', runId: 'K7M2QX', epoch: 2, digest: 'abc' }]);
});

test('its size is counted in bytes, to the last one', () => {
  const action = button('rn', { argument: 'ü2345678901234567' });
  expect(actionData(action, token, 24)).toBe('v1:rn:ü2345678901234567');
  expect(actionData(action, token, 23)).toBeUndefined();
});

describe('what a modified client sends is a button that does nothing', () => {
  test.each([
    undefined,
    '',
    'v1',
    'v1:',
    'v2:ap:K7M2QX',
    'V1:ap:K7M2QX',
    'v1:AP:K7M2QX',
    'v1:xx:K7M2QX',
    'v1:ap',
    'v1:ap:',
    'v1:ap:k7m2qx',
    'v1:ap:K7M2Q',
    'v1:ap:K7M2QXX',
    `v1:ap:K7M2QX:${SECRET}x`,
    `v1:ap:K7M2QX:${SECRET}:x`,
    'v1:ap:K7M2QX:',
    ' v1:ap:K7M2QX',
    'v1:ap:K7M2QX\n',
    'v1:jb:a b',
    `v1:jb:backup:${SECRET}`,
    'v1:no:something',
    'v1:rd',
    'v1:pv:K7M2QX:name',
    'v1:pv:K7M2QX:name:10',
    'v1:pd:K7M2QX',
    'v1:px:K7M2QX:x',
    'v1:constructor:K7M2QX',
    'v1:toString',
  ])('%j', (data) => expect(readActionData(data, BYTES_MAX)).toEqual(UNKNOWN));

  test('whatever it is, it is read without a fault, and as a verb that there is', () => {
    const known = new Set<string>([...ON_RUNS, ...ON_OTHERS, ...LINES, 'pv', 'pd', 'px', 'no']);
    const pieces = fc.constantFrom('v1', ...known, 'K7M2QX', SECRET, 'a.b', '', '__proto__', 'ü\n', '9');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const { verb, runId: id, token: secret } = readActionData(parts.join(':'), BYTES_MAX);
        expect(known.has(verb)).toBe(true);
        // A token without its run could be tried on another one.
        expect(secret === undefined ? 'K7M2QX' : id).toBe('K7M2QX');
      }),
      { ...ALWAYS, numRuns: 1000 },
    );
  });

  test('that is larger than a button can be is not read at all', () => {
    const data = `v1:rn:${'a'.repeat(58)}`;
    expect(readActionData(data, 64)).toEqual({ verb: 'rn', argument: 'a'.repeat(58) });
    expect(readActionData(data, 63)).toEqual(UNKNOWN);
  });
});
