import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { houseReader } from '../../src/ai/reader.ts';
import { COURTESIES, FORBIDDEN, RUN_WORDS } from '../../src/ai/words.ts';
import { CONFIDENCE_MIN } from '../../src/core/flows/messages/read-for.ts';
import type { AskableJob, Reading } from '../../src/core/ports/advisor.ts';
import { COMMAND_WORDS, parse } from '../../src/core/text/grammar/parse.ts';
import { anyText } from '../any-text.ts';

const job = (key: string, ...params: readonly string[]): AskableJob => ({ key, title: '', params });

const JOBS = [job('backup', 'db', 'Target'), job('db-migrate', 'to'), job('report'), job('report.weekly')];

const read = (text: string, jobs: readonly AskableJob[] = JOBS): Promise<Reading | undefined> =>
  houseReader.read({ text, jobs }, new AbortController().signal);

const isSure = (reading: Reading | undefined): boolean => (reading?.confidence ?? 0) > CONFIDENCE_MIN;

describe('the house reads', () => {
  test.each([
    ['run backup', 'run backup'],
    ['RUN THE BACKUP', 'run backup'],
    ['Please, run: backup!', 'run backup'],
    ['"run" (backup)', 'run backup'],
    ['run backup. Thanks.', 'run backup'],
    ['make a fresh db-migrate to=0042', 'run db-migrate to=0042'],
    // A key by its parts, and of two that overlap the longer one.
    ['please do the db migrate job', 'run db-migrate'],
    ['start report weekly', 'run report.weekly'],
    ['start report.weekly', 'run report.weekly'],
    ['start the report', 'run report'],
    ['run backup backup', 'run backup'],
    // The name as the job has it, the value as it was written.
    ['run backup DB=Main TARGET=/srv/Über.Tar', 'run backup db=Main Target=/srv/Über.Tar'],
    ['run backup db=a=b', 'run backup db=a=b'],
    ["let's run the backup, we’d like it now", 'run backup'],
  ])('%j as %j', async (text, line) => {
    const reading = await read(text);
    expect(reading?.read).toBe(line);
    expect(isSure(reading)).toBe(true);
  });

  test.each([
    ['a word that nobody taught it', 'please run the backup xylophone'],
    ['a parameter that the job does not have', 'run backup size=3'],
    ['one without a name', 'run backup =3'],
    ['another alphabet', 'run backup сейчас'],
    ['a number', 'run backup 2'],
  ])('%s as no more than a guess', async (_, text) => {
    const reading = await read(text);
    expect(reading?.read).toBe('run backup');
    expect(isSure(reading)).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['marks alone', '?! … --'],
    ['no job', 'please run it now'],
    ['a job that is called something else', 'run backups'],
    ['half of a name', 'run db'],
    ['parts in another order', 'run migrate db'],
    ['two jobs', 'run backup and report'],
    ['the same two jobs again', 'run report and report.weekly and report'],
    ['a job without a word for running it', 'backup please'],
    ['a name of nobody’s job', 'run constructor'],
    ['more words than anybody uses', `run backup${' now'.repeat(30)}`],
  ])('nothing out of %s', async (_, text) => expect(await read(text)).toBeUndefined());

  test('as many words as somebody may need, and not one more', async () => {
    const nows = (count: number) => `run backup${' now'.repeat(count)}`;
    expect(isSure(await read(nows(22)))).toBe(true);
    expect(await read(nows(23))).toBeUndefined();
  });
});

const known = [...RUN_WORDS, ...COURTESIES];
const shape = fc.constantFrom(
  (word: string) => word,
  (word: string) => word.toUpperCase(),
  (word: string) => `${word},`,
  (word: string) => word.replaceAll("'", '’'),
);
const polite = fc
  .array(fc.tuple(fc.constantFrom(...known), shape), { maxLength: 9 })
  .map((words) => words.map(([word, shaped]) => shaped(word)));
/** The same words with another one somewhere between them. */
const beside = (words: readonly string[], word: string, at: number): string =>
  words.toSpliced(at % (words.length + 1), 0, word).join(' ');

describe('whatever else is said politely', () => {
  test('one word that decides, stops or makes a condition means that nothing is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        polite,
        fc.constantFrom(...FORBIDDEN),
        shape,
        fc.nat(),
        async (words, no, shaped, at) => {
          expect(await read(`${beside(words, shaped(no), at)} run the backup`)).toBeUndefined();
          expect(await read(`run the backup ${beside(words, shaped(no), at)}`)).toBeUndefined();
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the job is read, for sure, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(polite, fc.nat(), async (words, at) => {
        const reading = await read(`run ${beside(words, 'backup', at)}`);
        expect(reading).toEqual({ read: 'run backup', confidence: expect.any(Number) });
        expect(isSure(reading)).toBe(true);
      }),
    );
  });

  test('a line of the grammar comes of it, for a job of the list and with its parameters only', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...known,
        'backup',
        'db',
        'migrate',
        'report',
        'weekly',
        'db=x',
        'to=-1',
        'DB="a',
        'yes',
        '|',
      ),
      anyText(8),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 12 }), async (words) => {
        const reading = await read(words.join(' '));
        const intent = reading === undefined ? undefined : parse(reading.read);
        const asked = JOBS.find(({ key }) => intent?.type === 'RunJob' && key === intent.job);
        expect(reading === undefined || asked !== undefined).toBe(true);
        const named = intent?.type === 'RunJob' ? intent.args.given.map(({ name }) => name) : [];
        expect(asked?.params ?? []).toEqual(expect.arrayContaining([...new Set(named)]));
      }),
      { numRuns: 1000 },
    );
  });
});

test('no word is at once one that asks and one that forbids, and all are written as they are compared', () => {
  expect(known.filter((word) => FORBIDDEN.has(word))).toEqual([]);
  expect([...RUN_WORDS].filter((word) => COURTESIES.has(word))).toEqual([]);
  for (const word of [...known, ...FORBIDDEN]) expect(word).toMatch(/^[a-z]+(?:'[a-z]+)?$/);
});

test('no other command of the grammar is ever a part of a request that is read for sure', async () => {
  const others = COMMAND_WORDS.filter((word) => !['run', 'start', 'job', 'jobs'].includes(word));
  const sure: string[] = [];
  for (const word of others) {
    if (isSure(await read(`please run the backup ${word}`))) sure.push(word);
  }
  expect(sure).toEqual([]);
  for (const word of ['revoke', 'unlink', 'unaccept', 'freeze', 'approve', 'cancel', 'pause', 'gates']) {
    expect(await read(`please run the backup ${word}`)).toBeUndefined();
  }
});
