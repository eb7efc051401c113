import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line/command-line.ts';
import { EXIT } from '../../src/cli/voice/exit-codes.ts';
import { NAMES } from '../../src/config/env.ts';
import { Env } from '../../src/config/env-schema.ts';

// What people are told has to be true: every link leads somewhere, and what is named to be typed or looked up exists.

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...(await readdir(join(root, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .toSorted(),
];

test('the channel that is shown is the one that there is', async () => {
  expect(await read('CONTRIBUTING.md')).toContain(await read('src/bot/webhook-out/kind.ts'));
});

describe.each(pages)('%s', async (page) => {
  const text = await read(page);

  test('every link leads to a file, and to a heading of it', async () => {
    const dead: string[] = [];
    for (const target of linksOf(text)) {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) dead.push(target);
      else if (heading !== undefined && !headingsOf(await read(file)).includes(heading)) dead.push(target);
    }
    expect(dead).toEqual([]);
  });

  test('every npm script exists', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: object }; // npm reads it as well
    const named = codeOf(text).flatMap((code) =>
      [...code.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
        ([, run, own]) => run ?? own ?? '',
      ),
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('every textops command and its flags exist', () => {
    const program = textops();
    const wrong = codeOf(text).flatMap((code) =>
      [...code.matchAll(/(?<![\w./-]|-[ogu] |--gid )textops((?: +[^\s|;&#">]+)+)/g)].flatMap(
        ([, words = '']) =>
          misfits(program, words.trim().split(/ +/)).map((word) => `textops ${words.trim()}: ${word}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('every source file that it names exists', () => {
    const named = codeOf(text).flatMap((code) => [
      ...code.matchAll(/(?<![\w./])(?:src|test|tools)\/[\w./-]+/g),
    ]);
    // A wildcard or a placeholder may follow; then the part before it has to begin something that exists.
    const gone = named
      .map(([path]) => path)
      .filter((path) => !existsSync(join(root, path)) && /\.\w+$/.test(path));
    expect(gone).toEqual([]);
  });
});

test('the changelog has a section for what is not released yet', async () => {
  expect(await read('CHANGELOG.md')).toMatch(/^## .*unreleased/im);
});

describe('docs/operations.md', async () => {
  const text = await read('docs/operations.md');
  const rows = text.split('\n').filter((line) => line.startsWith('| '));

  test('names every variable of the environment, with its default', () => {
    const defaults = Env.parse({});
    const missing = NAMES.filter((name) => !text.includes(`\`${name}\``));
    expect(missing).toEqual([]);
    const stale = rows.flatMap((row) => {
      const [, name = '', value = ''] = /^\| `([A-Z_]+)` \| (?:`([^`]*)` )?\|/.exec(row) ?? [];
      const known = NAMES.find((one) => one === name);
      return known === undefined || value === String(defaults[known] ?? '') ? [] : [row];
    });
    expect(stale).toEqual([]);
  });

  test('lists exactly the exit codes of the program', () => {
    const listed = rows.flatMap((row) => /^\| (\d+) \|/.exec(row)?.[1] ?? []).map(Number);
    expect(listed).toEqual(Object.values(EXIT));
  });

  test('gives every timeout as the code has it', async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const row of rows) {
      const value = row.split(' | ')[1] ?? '';
      for (const [, name = '', path = ''] of row.matchAll(/\[`(\w+)`\]\(\.\.\/(src\/[^)]+)\)/g)) {
        const found = numbersOf(await read(path), name);
        compared += found.length;
        if (found.length === 0) wrong.push(`${path} has no ${name}`);
        for (const number of found) {
          if (!spellings(number).some((spelling) => says(value, spelling))) {
            wrong.push(`${name} of ${path} is ${number}, the page says ${value}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(40);
  });
});

test('a page that is wrong would be noticed', () => {
  const program = textops();
  const calls = ['deadletter', 'config', 'audit exprot', 'runs --state Failed', 'start now'];
  expect(calls.map((call) => misfits(program, call.split(' ')))).toEqual([
    ['deadletter'],
    ['config: no command'],
    ['exprot'],
    ['--state', 'Failed'],
    ['now'],
  ]);
  expect(misfits(program, ['runs', '--status', 'Failed', '-n', '3'])).toEqual([]);
  expect(misfits(program, ['show', 'ABC123', '--wait'])).toEqual([]);
  expect(linksOf('[a](b.md) [c](https://d) `e`\n```\n[f](g)\n```\n')).toEqual(['b.md']);
  expect(codeOf('`a b`\n```sh\nnpm start\n```\n')).toEqual(['npm start', 'a b']);
  expect(numbersOf('const A_MS = 10 * 60_000;\nconst B: P = { low: 1_000, high: 2.5 };', 'A_MS')).toEqual([
    600_000,
  ]);
  expect(numbersOf('const B = { low: 1_000, high: 2.5 };', 'B')).toEqual([1000, 2.5]);
  expect([says('110 s', '10 s'), says('10 s, 5 s', '5 s'), says('10 steps', '10 s')]).toEqual([
    false,
    true,
    false,
  ]);
});

/** Without the fenced blocks, whose brackets are code. */
const linksOf = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** As GitHub makes anchors of them. */
const headingsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Each line of the fenced blocks, and each span between backticks. */
const codeOf = (text: string): readonly string[] => {
  const fence = /^```[\s\S]*?^```/gm;
  const lines = [...text.matchAll(fence)].flatMap(([block]) => block.split('\n').slice(1, -1));
  const spans = [...text.replaceAll(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...lines, ...spans];
};

/** The command line as it is built, without anybody to talk to. */
const textops = (): Command => {
  const silent = { write: () => true };
  const io = {
    argv: [],
    env: {},
    stdout: silent,
    stderr: silent,
    stdin: Readable.from([]),
    cwd: root,
    now: () => 0,
  };
  return commandLine(io, () => undefined);
};

/** What of a call the command line would not know: a command, an argument too much, or a flag. */
const misfits = (program: Command, words: readonly string[]): readonly string[] => {
  let command = program;
  const options = [...program.options];
  let room = 0;
  const wrong: string[] = [];
  for (const [index, word] of words.entries()) {
    const optionOf = (spelled: string) => options.find(({ long, short }) => [long, short].includes(spelled));
    const flag = optionOf(word);
    const before = optionOf(words[index - 1] ?? '-');
    const next = command.commands.find((each) => each.name() === word);
    if (word.startsWith('-')) {
      if (flag === undefined && word !== '--help') wrong.push(word);
    } else if (next !== undefined) {
      command = next;
      options.push(...next.options);
      room = next.registeredArguments.length;
    } else if (before?.required !== true) {
      room -= 1;
      if (room < 0) wrong.push(word);
    }
  }
  const isGroup = command.commands.length > 0 && command !== program && !GROUPS_THAT_ACT.has(command.name());
  return wrong.length === 0 && isGroup ? [`${command.name()}: no command`] : wrong;
};

/** These do something by themselves. */
const GROUPS_THAT_ACT: ReadonlySet<string> = new Set(['migrate', 'gates', 'dead-letters']);

/** What the first line that gives `name` a number says: one number, a product, or all numbers of a list or object. */
const numbersOf = (source: string, name: string): readonly number[] => {
  const given = new RegExp(`\\b${name}\\b(?:: [\\w<>, ]+ =| =|:)\\s*(.*\\d.*)`).exec(source)?.[1] ?? '';
  // An object or a list is read to its end, a number only up to the next comma.
  const own = /^[[{(].*[\]})]/.exec(given)?.[0] ?? given.split(/[,;]/)[0];
  return [...(own ?? '').matchAll(/(?<![\w.])\d[\d_]*(?:\.\d+)?(?: \* \d[\d_]*)*/g)].map(([product]) =>
    product.split(' * ').reduce((whole, factor) => whole * Number(factor.replaceAll('_', '')), 1),
  );
};

/** A number as people may find it on the page. */
const spellings = (number: number): readonly string[] => [
  String(number),
  `${number} ms`,
  `${number / 1000} s`,
  `${number} s`,
  `${number / 60_000} min`,
  `${number / 1024} KiB`,
];

/** As a word of its own: "10 s" is not said by "110 s". */
const says = (text: string, spelling: string): boolean =>
  new RegExp(`(?<![\\d.])${spelling.replaceAll('.', '\\.')}(?![\\w.])`).test(text);
