import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { CatalogFile } from '../../src/config/catalog-file.ts';
import { configJsonSchema } from '../../src/config/catalog-schema.ts';
import { parseCatalog, parseJob } from '../../src/config/load-catalog.ts';
import { formatProblem, formatProblems, problemLine } from '../../src/config/problem.ts';

const read = (text: string, format: 'yaml' | 'toml' = 'yaml') =>
  parseCatalog(text, { fileName: `textops.${format}`, format });

const catalogOf = (text: string, format: 'yaml' | 'toml' = 'yaml'): CatalogFile => {
  const result = read(text, format);
  if (!result.ok) throw new Error(formatProblems(result.problems).join('\n'));
  return result.catalog;
};

const problemsOf = (text: string, format: 'yaml' | 'toml' = 'yaml') => {
  const result = read(text, format);
  return result.ok ? [] : result.problems;
};

describe('a good textops.yaml', () => {
  test('the shortest job gets every default', () => {
    expect(catalogOf('jobs:\n  up:\n    command: [uptime]\n')).toEqual({
      jobs: [
        {
          key: 'up',
          spec: {
            title: '',
            target: { kind: 'command', command: ['uptime'], env: [] },
            params: {},
            secrets: [],
            timeoutMs: 600_000,
            heavy: false,
            effects: 'unknown',
            retry: { attemptsMax: 1, delayMsMin: 10_000, delayMsMax: 300_000 },
            approval: {
              policy: 'required',
              quorum: 1,
              approvers: ['role:approver'],
              needs: [],
              decideByMs: 1_800_000,
              startByMs: 1_800_000,
            },
            requesters: ['role:operator'],
            priority: 0,
          },
        },
      ],
      schedules: [],
      people: [],
      traceMode: 'one',
      advisors: { parse: 'house', risk: 'off', summary: 'house' },
    });
  });

  test('the example of the manual reads as it is meant', () => {
    const text = readFileSync(new URL('../../textops.example.yaml', import.meta.url), 'utf8');
    const { jobs, schedules, people, ops, advisors } = catalogOf(text);
    const spec = (key: string) => jobs.find((job) => job.key === key)?.spec;
    expect(spec('backup')).toMatchObject({
      acts: 'production, server db1',
      target: { command: ['./scripts/backup.sh', '--db', '{db}'], cwd: '.', env: ['PATH', 'HOME'] },
      params: { db: { type: 'string', required: false, enum: ['main', 'audit'], default: 'main' } },
      retry: { attemptsMax: 3, delayMsMin: 10_000, delayMsMax: 300_000 },
      approval: { self: false },
    });
    expect(spec('restart-web')?.params).toMatchObject({
      env: { type: 'string', required: true },
      drain: { default: '30s', min: 0, max: 600_000 },
    });
    expect(spec('db-migrate')).toMatchObject({
      heavy: true,
      window: { from: '08:00', timezone: 'Europe/Berlin' },
      approval: { remindMs: 600_000, escalate: { afterMs: 1_800_000 }, needs: [{ role: 'dba', count: 1 }] },
    });
    expect(schedules[1]).toMatchObject({ jobKey: 'backup', params: { db: 'audit' }, overlap: 'skip' });
    expect(people.map(({ name }) => name)).toEqual(['Ana', 'Bob', 'Cho Park']);
    expect(ops?.chat).toBe('telegram:-1001234567890');
    expect(advisors).toEqual({ parse: 'house', risk: 'house', summary: 'house' });
  });

  test('values take the one form that the history keeps', () => {
    const [job] = catalogOf(`
jobs:
  a:
    demo: {}
    params:
      ratio: { type: number, default: 0.50, min: 0, max: 1.5 }
      wait: { type: duration, default: 1m30s, enum: [90s, 2m] }
      fast: { type: boolean, default: true }
`).jobs;
    expect(job?.spec.params).toEqual({
      ratio: { type: 'number', required: false, default: '0.5', min: 0, max: 1.5 },
      wait: { type: 'duration', required: false, default: '90s', enum: ['90s', '2m'] },
      fast: { type: 'boolean', required: false, default: true },
    });
  });

  test.each(['', '# only a comment\n', '{}\n', '---\n'])('nothing at all is an empty catalog: %j', (text) => {
    const advisors = { parse: 'house', risk: 'off', summary: 'house' };
    expect(catalogOf(text)).toEqual({ jobs: [], schedules: [], people: [], traceMode: 'one', advisors });
  });

  test('an advisor that is named may be switched off by itself', () => {
    expect(catalogOf('advisors: { parse: off, summary: house }\n').advisors).toEqual({
      parse: 'off',
      risk: 'off',
      summary: 'house',
    });
  });

  test('whoever rings when nothing is heard may be named without a chat', () => {
    const ping = 'https://hc-ping.com/4711';
    expect(catalogOf(`ops: { ping: "${ping}" }\n`).ops).toEqual({ seals: false, ping });
    expect(catalogOf('ops: { chat: "telegram:7", seals: true }\n').ops).toEqual({
      chat: 'telegram:7',
      seals: true,
    });
  });

  test('a run is one trace, unless the file wants one for each phase', () => {
    expect(catalogOf('otel: {}\n').traceMode).toBe('one');
    expect(catalogOf('otel: { trace_mode: linked }\n').traceMode).toBe('linked');
  });

  test('a demonstration may be retried, because it does nothing', () => {
    expect(problemsOf('jobs:\n  d: { demo: { behaviour: flaky }, retry: { attempts: 3 } }\n')).toEqual([]);
  });

  test('a person who is known from elsewhere may be named', () => {
    const text = 'jobs:\n  d: { demo: {}, approval: { approvers: [zed] } }\n';
    expect(read(text).ok).toBe(false);
    expect(parseCatalog(text, { fileName: 'textops.yaml', format: 'yaml', people: ['zed'] }).ok).toBe(true);
  });

  test('an anchor used a few times is fine', () => {
    const text =
      'jobs:\n  a: { demo: {}, approval: &two { quorum: 2 } }\n  b: { demo: {}, approval: *two }\n';
    expect(catalogOf(text).jobs.map(({ spec }) => spec.approval.quorum)).toEqual([2, 2]);
  });
});

describe('TOML', () => {
  test('says the same in another notation', () => {
    const toml = '[jobs.a]\ncommand = ["echo", "{n}"]\n[jobs.a.params.n]\ntype = "integer"\ndefault = 3\n';
    const yaml = 'jobs: { a: { command: [echo, "{n}"], params: { n: { type: integer, default: 3 } } } }';
    expect(catalogOf(toml, 'toml')).toEqual(catalogOf(yaml));
  });

  test.each([
    ['[jobs.a\n', 'textops.toml:1:8 not valid TOML: illegal character in key'],
    ['[jobs.a]\ncomand = ["x"]\n', 'textops.toml jobs.a.comand: unknown key; did you mean "command"?'],
    ['[jobs.a]\ndemo = {}\ntitle = 2024-01-01\n', 'textops.toml jobs.a.title: expected text, got a date'],
  ])('%j', (text, line) => {
    expect(problemsOf(text, 'toml').map(problemLine)).toEqual([line]);
  });
});

describe('what is wrong is shown', () => {
  test('with the line of the file and the place marked', () => {
    const [problem] = problemsOf('jobs:\n  backup:\n    demo: {}\n    aproval: { quorum: 2 }\n');
    expect(problem && formatProblem(problem)).toBe(
      [
        'textops.yaml:4:5 jobs.backup.aproval: unknown key; did you mean "approval"?',
        '  4 |     aproval: { quorum: 2 }',
        '    |     ^^^^^^^',
        '  → approval: { quorum: 2 }',
      ].join('\n'),
    );
  });

  test('around the place when the line is long, and under tabs', () => {
    const place = { line: 12, column: 201, length: 500, text: `${'x'.repeat(200)}bad` };
    const far = formatProblem({ file: 'f', path: '', message: 'no', place });
    expect(far.split('\n')).toEqual([
      'f:12:201 no',
      `  12 | ${'x'.repeat(19)}bad`,
      `     | ${' '.repeat(19)}^^^`,
    ]);
    const tabbed = formatProblem({
      file: 'f',
      path: 'a',
      message: 'no',
      place: { line: 1, column: 2, length: 1, text: '\tx' },
    });
    expect(tabbed).toBe('f:1:2 a: no\n  1 | \tx\n    | \t^');
  });

  test('all of them, the first thirty in full', () => {
    const text = `jobs:\n${Array.from({ length: 45 }, (_, at) => `  j${at}: {}\n`).join('')}`;
    const shown = formatProblems(problemsOf(text));
    expect(shown.map((problem) => problem.split('\n').length)).toEqual([
      ...Array.from({ length: 30 }, () => 3),
      ...Array.from({ length: 15 }, () => 1),
    ]);
  });

  test('a file above one megabyte is not even read', () => {
    expect(problemsOf(`# ${'x'.repeat(1_000_000)}`).map(problemLine)).toEqual([
      'textops.yaml is larger than 1 MB',
    ]);
  });
});

describe('a job over HTTP', () => {
  test('is held to the same rules', () => {
    expect(parseJob('ping', { command: ['ping', '{host}'], params: { host: {} } })).toMatchObject({
      ok: true,
      spec: { target: { command: ['ping', '{host}'] } },
    });
    expect(parseJob('ping', { comand: ['ping'], timeout: 5 })).toEqual({
      ok: false,
      problems: [
        'jobs.ping.timeout: expected a duration; write 500ms, 30s, 10m, 1h30m or 2d, got 5',
        'jobs.ping.comand: unknown key; did you mean "command"?',
      ],
    });
    expect(parseJob('ping', { command: ['ping', '{host}'] })).toEqual({
      ok: false,
      problems: ['jobs.ping.command[1]: no parameter called "host"'],
    });
  });

  test.each([undefined, null, 1, 'x', [], JSON.parse('{"__proto__": 1}')])(
    'is refused when it is %j',
    (body) => {
      expect(parseJob('ping', body).ok).toBe(false);
    },
  );
});

describe('the schema for editors', () => {
  const schema = JSON.parse(JSON.stringify(configJsonSchema())) as Record<string, unknown>; // JSON by construction

  test('describes every key of every mapping', () => {
    const silent: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, each] of Object.entries(node)) {
        if (key === 'properties')
          for (const [name, part] of Object.entries(each as object))
            if (!Object.hasOwn(part as object, 'description')) silent.push(`${path}.${name}`);
        if (key !== '$defs') walk(each, `${path}.${key}`);
      }
    };
    walk(schema, '');
    expect(silent).toEqual([]);
  });

  test('refuses strangers and asks for nothing that has a default', () => {
    expect(schema).toMatchObject({ additionalProperties: false, type: 'object' });
    expect(schema).not.toHaveProperty('required');
  });
});

describe('reading never throws', () => {
  const words = fc.constantFrom(
    'jobs',
    'schedules',
    'people',
    'ops',
    'otel',
    'trace_mode',
    'advisors',
    'backup',
    'command',
    'params',
    'retry',
    'attempts',
    'approval',
    'approvers',
    'identities',
    'http',
    'body',
    'enum',
    'default',
    '__proto__',
    'constructor',
    '{db}',
    '&a',
    '*a',
    '<<',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 6 },
      fc.oneof(words, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(words, fc.string()), tie('any'), { maxKeys: 5 }),
    ),
  })).any;
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.oneof(
          words,
          fc.constantFrom(
            ':',
            ' ',
            '\n',
            '\n  ',
            '- ',
            '[',
            ']',
            '{',
            '}',
            '"',
            '|',
            '>',
            '#',
            '!',
            '%',
            '---\n',
          ),
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
    value.map((each) => stringify(each)),
    value.map((each) =>
      JSON.stringify({ jobs: { a: each, b: { http: each, params: { db: each } } }, people: each }),
    ),
  );

  test.each(['yaml', 'toml'] as const)('whatever a .%s file holds', (format) => {
    fc.assert(
      fc.property(text, (each) => {
        const result = read(each, format);
        expect(result.ok || result.problems.length > 0).toBe(true);
        const shown = result.ok ? [] : result.problems.map(formatProblem);
        expect(shown.join('')).not.toContain('undefined');
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    '['.repeat(50_000),
    '- '.repeat(50_000),
    `a: ${'{a: '.repeat(20_000)}`,
    `x=${'['.repeat(20_000)}`,
  ])('however deep it is (%#)', (deep) => {
    expect(read(deep).ok).toBe(false);
    expect(read(deep, 'toml').ok).toBe(false);
  });
});
