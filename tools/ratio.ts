// Lines of tests for each line of the program, module by module: `npm run ratio`.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RATIO_MIN = 1.5;

/**
 * Which tests are about which module, the longest beginning first. Suites that hold several to the same laws count for the one
 * whose rules they are; the other ends of the world (fakes) count for the rooms that speak with them.
 */
const ABOUT: readonly (readonly [folder: string, module: string])[] = [
  ['test/core', 'core'],
  ['test/flows', 'core'],
  ['test/model', 'core'],
  ['test/races', 'core'],
  ['test/simulation', 'core'],
  ['test/contracts', 'db'],
  ['test/db', 'db'],
  ['test/fakes', 'bot'],
  ['test/bot', 'bot'],
  ['test/retries', 'loops'],
  ['test/chaos', 'program'],
  ['test/e2e', 'program'],
];

export interface Ratio {
  readonly module: string;
  readonly source: number;
  readonly test: number;
  readonly ratio: number;
  readonly isEnough: boolean;
}

export const ratiosOf = (files: ReadonlyMap<string, number>): readonly Ratio[] => {
  const sums = new Map<string, { source: number; test: number }>();
  const sumOf = (module: string) => {
    const sum = sums.get(module) ?? { source: 0, test: 0 };
    sums.set(module, sum);
    return sum;
  };
  for (const [path, lines] of files) {
    if (path.startsWith('src/')) sumOf(folderOf(path)).source += lines;
  }
  for (const [path, lines] of files) {
    const about = path.startsWith('test/') ? moduleOfTest(path) : undefined;
    // A test about nothing in particular counts for the whole only.
    if (about !== undefined && sums.has(about)) sumOf(about).test += lines;
  }
  const all = [...files].reduce(
    (sum, [path, lines]) => ({
      source: sum.source + (path.startsWith('src/') ? lines : 0),
      test: sum.test + (path.startsWith('test/') ? lines : 0),
    }),
    { source: 0, test: 0 },
  );
  const rows = [...sums].toSorted(([a], [b]) => a.localeCompare(b));
  return [...rows, ['everything', all] as const].map(([module, { source, test }]) => {
    const ratio = source === 0 ? 0 : test / source;
    return { module, source, test, ratio, isEnough: ratio >= RATIO_MIN };
  });
};

/** Files beside the folders of `src` are the program that wires them. */
const folderOf = (path: string): string => {
  const [, folder = '', ...rest] = path.split('/');
  return rest.length === 0 ? 'program' : folder;
};

const moduleOfTest = (path: string): string => {
  const known = ABOUT.find(([folder]) => path.startsWith(`${folder}/`));
  return known?.[1] ?? folderOf(path);
};

/** Lines that say something. */
export const linesIn = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length;

const read = async (folder: string): Promise<readonly (readonly [string, number])[]> => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name).replaceAll('\\', '/');
      return [path, linesIn(await readFile(path, 'utf8'))] as const;
    }),
  );
};

const main = async (): Promise<void> => {
  const ratios = ratiosOf(new Map([...(await read('src')), ...(await read('test'))]));
  for (const { module, source, test, ratio, isEnough } of ratios) {
    const row = [
      module.padEnd(12),
      String(source).padStart(7),
      String(test).padStart(7),
      ratio.toFixed(2).padStart(6),
    ];
    process.stdout.write(`${row.join(' ')}${isEnough ? '' : `  below ${RATIO_MIN}`}\n`);
  }
  if (ratios.some(({ isEnough }) => !isEnough)) process.exitCode = 1;
};

if (import.meta.main) await main();
