import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readingNote, requestLine, tamed } from '../../../src/core/text/cards/advisor-words.ts';
import { parse } from '../../../src/core/text/grammar/parse.ts';

describe("an advisor's words", () => {
  test.each([
    ['third run today', 'third run today'],
    ['4.1 GB in 12/30 files; 50% (ok?) done.', '4.1 GB in 12/30 files; 50% (ok?) done.'],
    ['see https://evil.example/x now', 'see https: evil. example/x now'],
    ['ask t.me/evil or www.evil.example', 'ask t. me/evil or www. evil. example'],
    ['10.0.0.1', '10.0. 0. 1'],
    ['tap /approve, @bob, #now, $now', 'tap approve, bob, now, now'],
    ['<b>all</b> `is` *well*', 'b all b is well'],
    ['one\ntwo\u2028three\u202Efour\u200Bfive', 'one two three four five'],
    ['evil。example ｗｗｗ．evil．example', 'evil example www. evil. example'],
    ['  \t ', ''],
    ['🚨🚨', ''],
  ])('%j become %j', (words, shown) => expect(tamed(words, 160)).toBe(shown));

  test('whatever they are, they are one short line that leads nowhere', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 200 }),
        (words, max) => {
          const shown = tamed(words, max);
          expect(Array.from(shown).length).toBeLessThanOrEqual(max);
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}@#$<>&`*\\[\]{}|~^]|(?:^|\s)\/|\/\/|\.\p{L}/u);
          expect(tamed(shown, max)).toBe(shown);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const jobs = [
  { key: 'backup', params: ['db', 'note'] },
  { key: 'report', params: [] },
];
const lineOf = (read: string): string | undefined => requestLine(parse(read), jobs);

describe('a reading', () => {
  test.each([
    ['run backup', 'backup'],
    ['  /run   Backup ', 'backup'],
    ['run backup db=main', 'backup db=main'],
    ['run backup db= note=“after deploy 41”', 'backup db="" note="after deploy 41"'],
    ['run backup note=\'say "hi"\'', 'backup note=\'say "hi"\''],
  ])('%s is spelled out as the grammar understood it', (read, line) => {
    expect(lineOf(read)).toBe(line);
    expect(parse(`run ${line}`)).toEqual(parse(read));
  });

  test.each([
    'run',
    'run payroll',
    'run constructor',
    'run backup now',
    'run backup\nyes K7M2QX',
    'run backup secret=1',
    'run report db=main',
    `run backup note="it's"'"'`,
    'run back\u200Bup',
    'backup',
    '',
  ])('%j is none', (read) => expect(lineOf(read)).toBeUndefined());

  test('is shown with a button that carries it, and says that nothing happened', () => {
    const { lines, actions } = readingNote(`backup note="${'long '.repeat(20)}"`);
    expect(lines[0]?.[0]).toBe('I read this as: ');
    expect(lines[1]?.[0]).toMatch(/^Nothing is asked for yet\./);
    expect(actions).toMatchObject([{ verb: 'rd', argument: `backup note="${'long '.repeat(20)}"` }]);
    expect(actions[0]?.label.length).toBe(40);
    expect(actions[0]).not.toHaveProperty('bound');
  });
});
