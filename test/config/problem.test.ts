import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import {
  type ConfigProblem,
  formatProblem,
  formatProblems,
  type Path,
  pathText,
  problemLine,
  problemSentence,
} from '../../src/config/problem.ts';
import { didYouMean, notOneOf, quoted, suggestionIn } from '../../src/config/suggest.ts';
import { anyText } from '../any-text.ts';

const at = (text: string, column: number, length: number, line = 7): ConfigProblem => ({
  file: 'textops.yaml',
  path: 'jobs.backup',
  message: 'wrong',
  place: { line, column, length, text },
});

/** The source as it is shown, and what of it is marked. */
const drawn = (problem: ConfigProblem) => {
  const [, source = '', caret = ''] = formatProblem(problem).split('\n');
  const from = caret.indexOf('^');
  return { source, caret, marked: source.slice(from, from + caret.slice(from).length) };
};

const sign = fc.constantFrom('a', 'B', ':', ' ', '"', 'ü', '日', '\t', '-');

describe('a problem with a place', () => {
  test('marks exactly what is wrong, wherever in however long a line', () => {
    const line = fc.array(sign, { minLength: 1, maxLength: 260 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(line, fc.nat(), fc.integer({ min: 1, max: 40 }), (text, where, length) => {
        const column = (where % text.length) + 1;
        const { source, caret, marked } = drawn(at(text, column, length));
        expect(caret).toMatch(/^ {2} +\| [ \t]*\^+$/);
        expect(marked).not.toBe('');
        expect(text.slice(column - 1).startsWith(marked)).toBe(true);
        expect(marked.length).toBeLessThanOrEqual(length);
        expect(caret.length).toBeLessThanOrEqual(source.length);
        expect(source.length).toBeLessThanOrEqual(100 + '  7 | '.length);
        // Before the mark stand as many tabs as above it, so that both lines are as wide.
        const [tabs, above] = [caret, source.slice(0, caret.indexOf('^'))].map(
          (part) => part.split('\t').length,
        );
        expect(tabs).toBe(above);
      }),
      { numRuns: 500 },
    );
  });

  test('at the end of a line, where something is missing, marks one place behind it', () => {
    const { caret, source } = drawn(at('jobs:', 6, 1));
    expect([source, caret]).toEqual(['  7 | jobs:', '    |      ^']);
    expect(drawn(at('', 1, 1)).caret).toBe('    | ^');
  });

  test.each([1, 9, 10, 999, 1000])('stands in line with the number %i', (line) => {
    const { source, caret } = drawn(at('comand: [a]', 1, 6, line));
    expect(source).toBe(`  ${line} | comand: [a]`);
    expect(caret.indexOf('^')).toBe(source.indexOf('c'));
    expect(caret.indexOf('|')).toBe(source.indexOf('|'));
  });

  test('is one line for scripts, and a log has the corrected one beside it', () => {
    const problem = { ...at('comand: [a]', 1, 6), instead: 'command: [a]' };
    expect(problemLine(problem)).toBe('textops.yaml:7:1 jobs.backup: wrong');
    expect(problemSentence(problem)).toBe('textops.yaml:7:1 jobs.backup: wrong → command: [a]');
    expect(problemSentence(at('x', 1, 1))).toBe('textops.yaml:7:1 jobs.backup: wrong');
    expect(formatProblem(problem)).toBe(
      'textops.yaml:7:1 jobs.backup: wrong\n  7 | comand: [a]\n    | ^^^^^^\n  → command: [a]',
    );
  });

  test('of the file as a whole names the file alone', () => {
    expect(problemLine({ file: 'a.toml', path: '', message: 'is larger than 1 MB' })).toBe(
      'a.toml is larger than 1 MB',
    );
    expect(formatProblem({ file: 'a.toml', path: 'jobs.a', message: 'wrong' })).toBe('a.toml jobs.a: wrong');
  });

  test('is shown in full among the first thirty, and in one line after them', () => {
    const many = formatProblems(Array.from({ length: 32 }, (_, index) => at('comand: [a]', 1, 6, index + 1)));
    expect(many.map((text) => text.split('\n').length)).toEqual([...Array<number>(30).fill(3), 1, 1]);
  });
});

describe('a path', () => {
  test.each<[Path, string]>([
    [[], ''],
    [['jobs'], 'jobs'],
    [['jobs', 'backup', 'command', 2], 'jobs.backup.command[2]'],
    [['jobs', 'my.job'], 'jobs["my.job"]'],
    [['my.job', 'x'], '["my.job"].x'],
    [['jobs', '', 'x'], 'jobs[""].x'],
    [['jobs', 'a"b\n'], String.raw`jobs["a\"b\n"]`],
    [['jobs', '2'], 'jobs.2'],
    [[0, 'a'], '[0].a'],
  ])('%j is written %s', (path, text) => expect(pathText(path)).toBe(text));

  test('is one line, and no two are written alike', () => {
    const part = fc.oneof(
      fc.nat(12),
      fc.constantFrom('a', 'b', 'a.b', '0', '1', '[0]', '"', '', 'a\nb', 'é'),
    );
    const path = fc.array(part, { maxLength: 3 });
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(pathText(one)).not.toMatch(/\n/);
        expect(pathText(one) === pathText(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a value that a message repeats', () => {
  test('stands on one line, in quotes, and no longer than a reader needs', () => {
    fc.assert(
      fc.property(anyText(200), (value) => {
        const shown = quoted(value);
        expect(shown).toMatch(/^".*"$/);
        expect([...(JSON.parse(shown) as string)].length).toBeLessThanOrEqual(61);
      }),
    );
  });

  test('cannot pass for an advice of ours', () => {
    for (const value of [
      'x"; did you mean "rm"?',
      '; write it in quotes: "rm"',
      '; the role is written "role:rm"',
    ]) {
      expect(suggestionIn(`${quoted(value)} is not a duration`)).toBeUndefined();
      expect(suggestionIn(notOneOf(value, ['dev', 'production']))).toBeUndefined();
    }
  });

  test.each([
    ['dve', ['dev', 'production'], '"dve" is not one of dev, production; did you mean "dev"?', 'dev'],
    ['zzz', ['dev'], '"zzz" is not one of dev', undefined],
    ['', ['dev'], '"" is not one of dev', undefined],
  ])('%j of %j: %s', (value, allowed, message, advice) => {
    expect(notOneOf(value, allowed)).toBe(message);
    expect(suggestionIn(message)?.text).toBe(advice);
  });

  test('that is near to several is told all of them, the nearest first', () => {
    expect(didYouMean('bac', ['backup', 'back', 'bach'])).toBe('; did you mean "back", "bach" or "backup"?');
    expect(didYouMean('bac', ['backup', 'back', 'bach'], 2)).toBe('; did you mean "back" or "bach"?');
    expect(didYouMean('bac', [])).toBe('');
  });
});

/** Words that every object has from birth. */
const BORN = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];

describe('a name that every object knows from birth', () => {
  const parsed = (text: string) => parseCatalog(text, { fileName: 'textops.yaml', format: 'yaml' });
  const wrong = (text: string): readonly string[] => {
    const result = parsed(text);
    return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
  };

  test.each(BORN)('%s may be a parameter like any other', (name) => {
    const result = parsed(
      `jobs:\n  a: { command: [run, "{${name}}"], params: { ${name}: { type: integer, default: 3 } } }\n` +
        `schedules:\n  s: { job: a, cron: "0 2 * * *", chat: "dev:ops", params: { ${name}: 4 } }\n`,
    );
    expect(result).toMatchObject({
      ok: true,
      catalog: {
        jobs: [{ key: 'a', spec: { params: { [name]: { type: 'integer', default: 3 } } } }],
        schedules: [{ params: { [name]: 4 } }],
      },
    });
  });

  test.each(BORN)('%s is there only if somebody wrote it', (name) => {
    expect(wrong(`jobs:\n  a: { command: [run, "{${name}}"] }\n`)).toEqual([
      `jobs.a.command[1]: no parameter called "${name}"`,
    ]);
    expect(wrong(`jobs:\n  a: { command: [run], ${name}: 1, approval: { ${name}: 1 } }\n`)).toEqual([
      `jobs.a.${name}: unknown key`,
      `jobs.a.approval.${name}: unknown key`,
    ]);
    const schedule = (job: string) =>
      `jobs:\n  a: { command: [run] }\nschedules:\n  s: { job: ${job}, cron: "0 2 * * *", chat: "dev:ops", params: { ${name}: 1 } }\n`;
    expect(wrong(schedule(name))).toEqual([`schedules.s.job: no job called "${name}"`]);
    expect(wrong(schedule('a'))).toEqual([`schedules.s.params.${name}: job "a" has no such parameter`]);
  });
});
