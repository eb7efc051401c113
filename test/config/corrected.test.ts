import { describe, expect, test } from 'vitest';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import { formatProblem, problemLine, problemSentence } from '../../src/config/problem.ts';
import { brokenCatalogs } from './broken-catalogs.ts';

const problemsOf = (text: string, format: 'yaml' | 'toml' = 'yaml') => {
  const result = parseCatalog(text, { fileName: `textops.${format}`, format });
  return result.ok ? [] : result.problems;
};

describe('a problem whose cure is one word comes with the corrected line', () => {
  test.each([
    ['a key', 'retry: { atempts: 3 }', 'retry: { attempts: 3 }'],
    ['a quoted key', '"timeuot": 10s', '"timeout": 10s'],
    ['a value', 'effects: idempotant # as we hope', 'effects: idempotent # as we hope'],
    ['a quoted value', 'effects: "idempotant"', 'effects: "idempotent"'],
    [
      'two words in one line',
      'approval: { quorom: 1, policy: nevr }',
      'approval: { quorum: 1, policy: never }',
    ],
    ['text that needs quotes', 'title: 3', 'title: "3"'],
    ['a role, not the word in front of it', 'requesters: ["role:operater"]', 'requesters: ["role:operator"]'],
    ['a role written as a person', 'requesters: [approver]', 'requesters: [role:approver]'],
    ['nothing is near', 'zzzzzzz: 1', undefined],
    ['a number out of range has no nearest word', 'approval: { quorum: 0 }', undefined],
  ])('%s: %s', (_, line, corrected) => {
    const problems = problemsOf(`jobs:\n  backup:\n    command: [./backup.sh]\n    ${line}\n`);
    expect([...new Set(problems.map(({ instead }) => instead))]).toEqual([corrected]);
    for (const problem of problems) {
      const [first, ...rest] = formatProblem(problem).split('\n');
      expect(first).toBe(problemLine(problem));
      expect(rest.at(-1)?.startsWith('  → ')).toBe(corrected !== undefined);
    }
  });

  test('a placeholder inside a longer word', () => {
    const text =
      'jobs:\n  a:\n    command: [bd-x, "bd{bd}"]\n    params: { db: { type: string, max: 5, pattern: "a" } }\n';
    expect(problemsOf(text).map(({ instead }) => instead)).toContain('command: [bd-x, "bd{db}"]');
  });

  test('in one line for a log', () => {
    const [problem] = problemsOf('jbos: {}\n');
    expect(problem && problemSentence(problem)).toBe(
      'textops.yaml:1:1 jbos: unknown key; did you mean "jobs"? → jobs: {}',
    );
  });

  test('not without a place', () => {
    const [problem] = problemsOf('[jobs.a]\ncomand = ["x"]\n', 'toml');
    expect(problem).toMatchObject({ message: expect.stringContaining('did you mean "command"') });
    expect(problem?.instead).toBeUndefined();
  });

  test.each(brokenCatalogs.filter(({ problems }) => problems.some((line) => line.includes('did you mean'))))(
    'the corrected lines of "$name" cure what they are about',
    ({ text }) => {
      const source = text.slice(1);
      const problems = problemsOf(source);
      const curable = problems.filter(({ message }) => message.includes('did you mean'));
      const lines = source.split('\n');
      for (const { place, instead } of curable) {
        if (place === undefined || instead === undefined) throw new Error('no corrected line');
        lines[place.line - 1] = place.text.replace(place.text.trim(), () => instead);
      }
      const left = problemsOf(lines.join('\n')).map(({ path, message }) => `${path}: ${message}`);
      for (const { path, message } of curable) expect(left).not.toContain(`${path}: ${message}`);
    },
  );
});
