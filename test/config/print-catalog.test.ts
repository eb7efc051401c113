import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CatalogFile } from '../../src/config/catalog-file.ts';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import { printCatalog } from '../../src/config/print-catalog.ts';
import { formatProblems } from '../../src/config/problem.ts';
import type { ApprovalPolicy, JobSpec, ParamSpec, Target } from '../../src/core/jobs/job.ts';
import { shortDuration } from '../../src/core/time/duration.ts';

const read = (text: string): CatalogFile => {
  const result = parseCatalog(text, { fileName: 'printed.yaml', format: 'yaml' });
  if (!result.ok) throw new Error(formatProblems(result.problems).join('\n'));
  return result.catalog;
};

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves keys out that are undefined, as the core's types want it; the cast says just that. */
const present = <T extends object>(value: T): Present<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const key = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,12}$/).filter((text) => text !== '__proto__');
const line = fc.string({ minLength: 1, maxLength: 40 });
const ms = fc.integer({ min: 1, max: 3_600_000 });
const roles = fc.uniqueArray(fc.constantFrom('role:approver', 'role:owner', 'role:dba'), { minLength: 1 });

const param: fc.Arbitrary<ParamSpec> = fc.oneof(
  fc
    .record({ default: maybe(fc.stringMatching(/^[a-z 0-9:#]{0,9}$/)), allowDash: maybe(fc.boolean()) })
    .map((given) => present({ type: 'string' as const, required: given.default === undefined, ...given })),
  fc.tuple(fc.integer(), fc.nat(99)).map(([min, more]) => ({
    type: 'integer' as const,
    required: false,
    min,
    max: min + more,
    default: min,
  })),
  fc
    .integer({ min: -9999, max: 9999 })
    .map((n) => ({ type: 'number' as const, required: false, default: String(n / 100) })),
  fc.boolean().map((preset) => ({ type: 'boolean' as const, required: false, default: preset })),
  fc.uniqueArray(ms, { minLength: 1, maxLength: 3 }).map((all) => ({
    type: 'duration' as const,
    required: true,
    enum: all.map(shortDuration),
    max: 3_600_000,
  })),
);

const target = (params: Readonly<Record<string, ParamSpec>>): fc.Arbitrary<Target> => {
  const argument = fc.oneof(
    fc.stringMatching(/^[\w ./:'"#&*!|>%@`-]*$/),
    fc.constantFrom('x', ...Object.keys(params).map((name) => `{${name}}`)),
  );
  return fc.oneof(
    fc
      .record({
        args: fc.array(argument, { maxLength: 4 }),
        cwd: maybe(line),
        env: fc.constantFrom([], ['PATH']),
      })
      .map(({ args, ...rest }) =>
        present({ kind: 'command' as const, command: ['./run.sh', ...args], ...rest }),
      ),
    argument.map((body) => ({
      kind: 'http' as const,
      method: 'PUT' as const,
      url: 'https://x.example/a',
      headers: { 'X-A': 'b' },
      body: { list: [body, 1, null, true] },
    })),
  );
};

const approval: fc.Arbitrary<ApprovalPolicy> = fc
  .record({
    policy: fc.constantFrom('required' as const, 'never' as const),
    quorum: fc.integer({ min: 1, max: 20 }),
    approvers: roles,
    needs: fc.constantFrom([], [{ role: 'dba', count: 2 }]),
    self: maybe(fc.boolean()),
    decideByMs: ms.map((n) => n + 5),
    startByMs: ms,
    remindMs: fc.constantFrom(undefined, 3),
    escalate: fc.constantFrom(undefined, { afterMs: 4, to: 'role:owner' }),
  })
  .map(present);

const job: fc.Arbitrary<JobSpec> = fc
  .dictionary(fc.stringMatching(/^[a-z]\w{0,6}$/), param, { maxKeys: 3 })
  .chain((params) =>
    fc.record({
      title: fc.oneof(fc.constant(''), line),
      target: target(params),
      params: fc.constant({ ...params }),
      acts: maybe(line),
      secrets: fc.constantFrom([], ['DB_PASSWORD']),
      timeoutMs: ms,
      heavy: fc.constant(false),
      effects: fc.constant('idempotent' as const),
      retry: fc.record({
        attemptsMax: fc.integer({ min: 1, max: 9 }),
        delayMsMin: fc.constant(1),
        delayMsMax: ms,
      }),
      approval,
      requesters: roles,
      priority: fc.integer({ min: -9, max: 9 }),
      concurrency: fc.constantFrom(1, 7, undefined),
      preview: fc.constantFrom(undefined, ['./look.sh']),
    }),
  )
  .map(present);

describe('a printed catalog', () => {
  test('reads back as the same catalog', () => {
    const voice = fc.constantFrom('off' as const, 'house' as const);
    const some = fc.uniqueArray(fc.record({ key, spec: job }), {
      maxLength: 3,
      selector: (each) => each.key,
    });
    const catalog = fc.record({
      jobs: some,
      schedules: fc.constant([]),
      people: fc.constant([]),
      traceMode: fc.constantFrom('one' as const, 'linked' as const),
      advisors: fc.record({ parse: voice, risk: voice, summary: voice }),
    });
    fc.assert(
      fc.property(catalog, (given) => {
        const again = read(printCatalog(given));
        // A mapping with numbers for keys comes back in another order; jobs have no order of their own.
        const sorted = ({ jobs }: CatalogFile) => jobs.toSorted((a, b) => (a.key < b.key ? -1 : 1));
        expect(sorted(again)).toEqual(sorted(given));
        expect(again.advisors).toEqual(given.advisors);
        expect(again.traceMode).toBe(given.traceMode);
      }),
    );
  });

  test('and so does the example, with its schedules and people', () => {
    const text = readFileSync(new URL('../../textops.example.yaml', import.meta.url), 'utf8');
    expect(read(printCatalog(read(text)))).toEqual(read(text));
  });
});
