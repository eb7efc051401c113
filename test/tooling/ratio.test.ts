import { expect, test } from 'vitest';
import { linesIn, ratiosOf } from '../../tools/ratio.ts';

const ratioOf = (files: Readonly<Record<string, number>>, module: string) =>
  ratiosOf(new Map(Object.entries(files))).find((one) => one.module === module);

test('tests count for the module whose name they carry, suites for the one whose rules they are', () => {
  const files = {
    'src/core/a.ts': 100,
    'src/db/b.ts': 100,
    'test/core/a.test.ts': 90,
    'test/flows/x.test.ts': 60,
    'test/contracts/y.ts': 149,
  };
  expect(ratioOf(files, 'core')).toEqual({
    module: 'core',
    source: 100,
    test: 150,
    ratio: 1.5,
    isEnough: true,
  });
  expect(ratioOf(files, 'db')).toMatchObject({ ratio: 1.49, isEnough: false });
  expect(ratioOf(files, 'everything')).toMatchObject({ source: 200, test: 299 });
});

test('the files beside the folders are the program, so are those of the tests; a test of tools counts for the whole only', () => {
  const files = {
    'src/program/program.ts': 10,
    'test/e2e/a.test.ts': 15,
    'test/given.ts': 5,
    'test/tooling/b.test.ts': 7,
  };
  expect(ratioOf(files, 'program')).toMatchObject({ source: 10, test: 20, isEnough: true });
  expect(ratioOf(files, 'everything')).toMatchObject({ test: 27 });
  expect(ratioOf(files, 'tooling')).toBeUndefined();
});

test('without any source nothing is enough', () =>
  expect(ratioOf({}, 'everything')).toMatchObject({ ratio: 0, isEnough: false }));

test('an empty line is no line', () => expect(linesIn('a\n\n  \nb\n')).toBe(2));
