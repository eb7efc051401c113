import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Rule, scanText } from '../../tools/crash-scan.ts';

// A scan that looks at nothing finds nothing too. Here it has to find what was planted.

const planted: readonly (readonly [rule: Rule, text: string])[] = [
  ['non-null assertion', 'const first = list[0]!;'],
  ['non-null assertion', 'list[0]!.name = "x";'],
  ['non-null assertion', 'let later!: string;'],
  ['any', 'const loose = value as any;'],
  ['any', 'const loose = <any>value;'],
  ['any', 'const take = (value: any): void => undefined;'],
  ['double cast without a reason', 'const run = value as unknown as Run;'],
  ['double cast without a reason', 'const run = (value as object) as Run;'],
  ['double cast without a reason', '// Too far away.\n\nconst run = value as unknown as Run;'],
  ['double cast without a reason', 'const text = "// no comment"; const run = text as unknown as Run;'],
  ['silenced compiler', '// @ts-ignore\nconst x = 1;'],
  ['silenced compiler', '/* @ts-expect-error: somebody knows why */ const x = 1;'],
  ['silenced compiler', '// @ts-nocheck\nconst x = 1;'],
  ['empty catch', 'try { work(); } catch {}'],
  ['empty catch', 'try { work(); } catch (error) {\n}'],
  ['process.exit', 'const stop = () => process.exit(1);'],
  ['process.exit', 'onEnd(process.exit);'],
  ['process.exit', 'import { exit as leave } from "node:process";'],
];

test.each(planted)('%s is found in %j', (rule, text) => {
  const found = scanText('src/worker/planted.ts', text);
  expect(found.map((offence) => offence.rule)).toEqual([rule]);
});

const honest: readonly string[] = [
  'const first = list[0] ?? missing();',
  'if (a !== b && !c) work();',
  '/** The library is typed too widely. */\nconst run = value as unknown as Run;',
  'const run = value as unknown as Run; // proved by the line above',
  'const run = make(\n  value,\n  // The check above has seen it.\n) as unknown as Run;',
  'const run = value as Run;',
  'try { work(); } catch {\n  // The other side is gone, and that is what we wanted.\n}',
  'try { work(); } catch (error) { note(error); }',
  'const words = "list[0]! as any as unknown as X, @ts-ignore, process.exit(1), catch {}";',
  'process.exitCode = 1;',
];

test.each(honest)('%j is no offence', (text) => {
  expect(scanText('src/worker/honest.ts', text)).toEqual([]);
});

test.each(['src/main.ts', 'src/program/signals.ts', '/somewhere/src/main.ts'])(
  '%s may end the process',
  (file) => {
    expect(scanText(file, 'process.exit(0);')).toEqual([]);
  },
);

test('an offence is named by file, line and its own text', () => {
  const [offence] = scanText('src/a.ts', 'const one = 1;\n  const two = list[one]!;\n');
  expect(offence).toEqual({
    file: 'src/a.ts',
    line: 2,
    rule: 'non-null assertion',
    code: 'const two = list[one]!;',
  });
});

test('the program prints every offence and the count, and exits with 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-crash-scan-'));
  try {
    const deep = join(folder, 'deep/er/planted.ts');
    await mkdir(dirname(deep), { recursive: true });
    await writeFile(deep, 'const a = b!;\ntry { work(); } catch {}\n');
    const { code, out } = await crashScan(folder);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      `${deep}:1 non-null assertion: const a = b!;`,
      `${deep}:2 empty catch: try { work(); } catch {}`,
      '2 ways to crash found in 1 files',
      '',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a folder without sources is a failure, not a success', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-crash-scan-'));
  try {
    expect(await crashScan(folder)).toEqual({ code: 1, out: '0 ways to crash found in 0 files\n' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the program itself has none', async () => {
  const { code, out } = await crashScan();
  expect(out).toMatch(/^0 ways to crash found in \d{3,} files\n$/);
  expect(code).toBe(0);
});

const root = resolve(import.meta.dirname, '../..');

const crashScan = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> =>
  new Promise((done, fail) => {
    const program = join(root, 'tools/crash-scan.ts');
    const child = execFile(process.execPath, [program, ...args], { cwd: root }, (_, out, err) => {
      if (err !== '') fail(new Error(err));
      else done({ code: child.exitCode ?? -1, out });
    });
  });
