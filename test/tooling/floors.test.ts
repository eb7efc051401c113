import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// A boundary check that looks at nothing says "no violations" too. Here it has to prove that it looks.

test('every rule about imports reports the file that breaks it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-floors-'));
  try {
    await write(folder, { ...surroundings, ...Object.fromEntries(Object.values(offenders)) });
    const { violations, ruleSetUsed } = await cruise(folder);
    const reported = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    const expected = Object.entries(offenders).map(([rule, [file]]) => `${rule}: ${file}`);
    expect(reported).toEqual(expect.arrayContaining(expected));
    expect(ruleSetUsed.forbidden.map((rule) => rule.name).toSorted()).toEqual(
      Object.keys(offenders).toSorted(),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what the rules allow is not reported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-floors-'));
  try {
    await write(folder, { ...surroundings, ...honest });
    const { violations, totalCruised } = await cruise(folder);
    expect(violations).toEqual([]);
    expect(totalCruised).toBeGreaterThanOrEqual(Object.keys(honest).length);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  "import type { Store } from '../core/ports/store.ts';",
  "import type { flow } from '../core/flows/flow.ts';",
  "import type { Run } from '../core/runs/run.ts';",
  "import type { kit } from '../db/pg/kit.ts';",
  "import 'a-library';",
  "import 'node:net';",
])('an advisor cannot write %s', async (line) => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-floors-'));
  try {
    await write(folder, { ...surroundings, ...honest, 'src/ai/house.ts': line });
    const { violations } = await cruise(folder);
    expect(violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toContain(
      'advisors-hold-nothing: src/ai/house.ts',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the check sees the modules of the program and their type imports', async () => {
  const { totalCruised, totalDependenciesCruised } = await cruise(root);
  expect(totalCruised).toBeGreaterThan(0);
  expect(totalDependenciesCruised).toBeGreaterThan(0);
});

const root = resolve(import.meta.dirname, '../..');

/** Rule → the file that breaks it, and its text. */
const offenders: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'core-imports-only-core': ['src/core/runs/clock.ts', "import 'node:fs';"],
  'hashing-leaf-imports-only-crypto': ['src/core/runs/hash.ts', "import 'node:crypto';\nimport 'node:os';"],
  'ground-floor-imports-nothing-above': [
    'src/core/text/cards/say.ts',
    "import type { Port } from '../ports/port.ts';",
  ],
  'ports-know-no-flow': ['src/core/ports/upward.ts', "import type { flow } from '../flows/flow.ts';"],
  'ports-are-types': ['src/core/ports/running.ts', "import '../runs/run.ts';"],
  'rooms-do-not-meet': ['src/bot/reader.ts', "import type { kit } from '../db/pg/kit.ts';"],
  'advisors-hold-nothing': ['src/ai/writer.ts', "import type { Store } from '../core/ports/store.ts';"],
  'nobody-imports-the-top-floor': [
    'src/worker/upward.ts',
    "import type { Config } from '../config/config.ts';",
  ],
  'sqlite-takes-only-types-from-pg': ['src/db/sqlite/store.ts', "import '../pg/kit.ts';"],
  'pg-does-not-know-sqlite': ['src/db/pg/borrower.ts', "import type { kit } from '../sqlite/kit.ts';"],
  'the-program-stands-alone': ['src/web/faker.ts', "import '../../test/fake.ts';"],
  'only-locked-run-time-packages': ['src/web/tooled.ts', "import 'a-tool';"],
  'opentelemetry-is-loaded-late': ['src/telemetry/eager.ts', "import './trace/export.ts';"],
  'no-cycles': ['src/scheduler/tick.ts', "import './tock.ts';"],
  'no-orphans': ['src/scheduler/alone.ts', 'export {};'],
  'everything-resolves': ['src/scheduler/lost.ts', "import './nowhere.ts';"],
};

const surroundings: Readonly<Record<string, string>> = {
  'package.json':
    '{ "type": "module", "dependencies": { "a-library": "1" }, "devDependencies": { "a-tool": "1" } }',
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext" } }',
  'node_modules/a-library/package.json':
    '{ "name": "a-library", "version": "1.0.0", "exports": "./index.js" }',
  'node_modules/a-library/index.js': '',
  'node_modules/a-tool/package.json': '{ "name": "a-tool", "version": "1.0.0", "exports": "./index.js" }',
  'node_modules/a-tool/index.js': '',
  'test/fake.ts': 'export {};',
  'src/config/config.ts': 'export interface Config {}',
  'src/core/flows/flow.ts': "import type { Port } from '../ports/port.ts';\nexport type flow = Port;",
  'src/core/ports/store.ts': "import type { Run } from '../runs/run.ts';\nexport type Store = Run;",
  'src/core/ports/advisor.ts': "import type { Run } from '../runs/run.ts';\nexport type Advisor = Run;",
  'src/core/time/duration.ts': 'export const words = 1;',
  'src/core/ports/port.ts': "import type { Run } from '../runs/run.ts';\nexport type Port = Run;",
  'src/core/runs/run.ts': 'export interface Run {}',
  'src/db/pg/kit.ts': "import 'a-library';\nexport const kit = 1;",
  'src/db/sqlite/kit.ts':
    "import type { kit as Kit } from '../pg/kit.ts';\nexport const kit: typeof Kit = 1;",
  'src/scheduler/tock.ts': "import './tick.ts';",
  'src/telemetry/trace/export.ts': "import 'a-library';",
};

const honest: Readonly<Record<string, string>> = {
  'src/main.ts': "import './cli/start.ts';\nimport '../src/bot/start.ts';",
  'src/cli/start.ts': "import type { Config } from '../config/config.ts';\nimport '../db/sqlite/kit.ts';",
  'src/ai/house.ts':
    "import type { Advisor } from '../core/ports/advisor.ts';\nimport '../core/time/duration.ts';\nimport './words.ts';",
  'src/ai/words.ts': "export const words = ['please'];",
  'src/bot/start.ts': "import './telegram/wire.ts';\nimport '../core/flows/flow.ts';",
  'src/bot/telegram/wire.ts': "import 'a-library';\nimport 'node:fs';",
  'src/core/runs/hash.ts': "import 'node:crypto';",
  'src/scheduler/tick.ts': "import '../core/runs/hash.ts';",
  'src/telemetry/late.ts': "export const late = () => import('./trace/export.ts');",
};

const write = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
};

interface Summary {
  readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  readonly totalCruised: number;
  readonly totalDependenciesCruised: number;
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

/** The same program with the same rules as `npm run check:floors`, on another folder. It exits with the number of errors. */
const cruise = (folder: string): Promise<Summary> =>
  new Promise((done, fail) => {
    const program = join(root, 'node_modules/.bin/depcruise');
    const rules = join(root, '.dependency-cruiser.mjs');
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(
      process.execPath,
      [program, 'src', '--config', rules, '--output-type', 'json'],
      options,
      (error, stdout, stderr) => {
        if (stdout === '') fail(error ?? new Error(stderr));
        // The form of its answer is documented; a wrong one fails the expectations.
        else done((JSON.parse(stdout) as { readonly summary: Summary }).summary);
      },
    );
  });
