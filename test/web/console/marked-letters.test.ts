import { describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../../src/core/runs/dead-letter.ts';
import { marksOf, stampOf, whyNot } from '../../../src/web/console/marks.ts';
import { noon, type World } from '../world.ts';
import { type Browser, buried, consoleWorld, saidTo, seated } from './browser.ts';

/** The marks that a page offers: what a browser sends for each box, by the name of its letter. */
const boxesOf = async (browser: Browser): Promise<ReadonlyMap<string, string>> =>
  new Map(
    [
      ...(await browser.get('/queue')).text.matchAll(
        /type="checkbox" form="marked" name="letter-(\w+)" value="(\w+)"/g,
      ),
    ].map(([, name = '', stamp = '']) => [name, stamp]),
  );

const queryOf = (deed: string, boxes: ReadonlyMap<string, string>): string => {
  const query = new URLSearchParams({ do: deed });
  for (const [name, stamp] of boxes) query.set(`letter-${name}`, stamp);
  return `/queue/letters?${query.toString()}`;
};

/** Texts of the items of all lists of a page. */
const itemsOf = (page: string): readonly string[] =>
  [...page.matchAll(/<li>(.*?)<\/li>/gs)].map(([, item = '']) => item.replaceAll(/<[^>]+>/g, '').trim());

const titleOf = (page: string): string | undefined => /<h1>([^<]*)<\/h1>/.exec(page)?.[1];

const open = async ({ store }: World) => (await store.deadLetters.list(100)).map(({ id }) => `j${id}`);

const statusOf = async ({ store }: World, runId: string) =>
  (await store.runs.find([runId])).get(runId)?.state.status;

const three = async () => {
  const there = await consoleWorld();
  const runs = [await buried(there), await buried(there), await buried(there)];
  const ana = await seated(there, 'ana');
  return { there, runs, ana, boxes: await boxesOf(ana) };
};

describe('several dead letters at once', () => {
  test('are listed exactly, with their number, before anything is done', async () => {
    const { there, runs, ana, boxes } = await three();
    expect([...boxes.keys()]).toEqual(['j3', 'j2', 'j1']);
    const { status, text } = await ana.get(
      queryOf('replay', new Map([...boxes].filter(([name]) => name !== 'j2'))),
    );
    expect(status).toBe(200);
    expect(titleOf(text)).toBe('Replay 2 dead letters?');
    expect(itemsOf(text)).toEqual([
      `j3 · run ${runs[2]} backup: No space left on device`,
      `j1 · run ${runs[0]} backup: No space left on device`,
    ]);
    expect(text).toContain('<button class="primary">Replay 2</button>');
    expect(await open(there)).toHaveLength(3);
  });

  test('are replayed, each as by its own button: it asks again, and starts nothing', async () => {
    const { there, runs, ana, boxes } = await three();
    const { status, text } = await ana.send(queryOf('replay', boxes), '/queue/letters/replay');
    expect([status, titleOf(text)]).toEqual([200, 'Replayed 3 of 3']);
    expect(await open(there)).toEqual([]);
    for (const runId of runs) {
      expect(await statusOf(there, runId)).toBe('AwaitingApproval');
      const recovered = (await there.store.runs.history(runId)).filter(({ type }) => type === 'RunRecovered');
      expect(recovered.map(({ actor }) => actor)).toEqual(['user:web:dev:ana']);
    }
  });

  test('are dropped for one reason, each on record', async () => {
    const { there, ana, boxes } = await three();
    const page = queryOf('drop', boxes);
    await ana.send(page, '/queue/letters/drop');
    expect(await saidTo(ana)).toBe('Say why. Nothing changed.');
    expect(await open(there)).toHaveLength(3);
    const { text } = await ana.send(page, '/queue/letters/drop', { reason: ' the disk\n was full ' });
    expect(titleOf(text)).toBe('Dropped 3 of 3');
    expect(await open(there)).toEqual([]);
    const records = (await there.store.runs.history('system')).filter(
      ({ type }) => type === 'DeadLetterDropped',
    );
    expect(records.map(({ payload }) => payload)).toEqual(
      [3, 2, 1].map((id) => expect.objectContaining({ id, reason: 'the disk was full' })),
    );
  });

  test('go through without those that changed since the page was made, and each of these says so', async () => {
    const { there, runs, ana, boxes } = await three();
    const page = queryOf('replay', boxes);
    await there.say('deadletters drop j2 known');
    await there.say('deadletters replay j1');
    await there.say(`yes ${runs[0]}`, { from: 'bob' });
    const shown = await ana.get(page);
    expect(titleOf(shown.text)).toBe('Replay 1 dead letter?');
    expect(itemsOf(shown.text)).toEqual([
      expect.stringContaining('No open dead letter'),
      expect.stringContaining('No open dead letter'),
      expect.stringContaining('j3 · run'),
    ]);
    const csrf = /name="csrf" value="(\w+)"/.exec(shown.text)?.[1] ?? '';
    const fields = Object.fromEntries([...boxes].map(([name, stamp]) => [`letter-${name}`, stamp]));
    const done = await ana.post('/queue/letters/replay', { ...fields, 'letter-j3': 'seen otherwise', csrf });
    expect(titleOf(done.text)).toBe('Replayed 0 of 3');
    expect(itemsOf(done.text)).toContain('j3 has changed since you saw it. Look at it again.');
    const rest = await ana.post('/queue/letters/replay', { ...fields, csrf });
    expect(titleOf(rest.text)).toBe('Replayed 1 of 3');
    expect(await Promise.all(runs.map((runId) => statusOf(there, runId)))).toEqual([
      'Dispatching',
      'Failed',
      'AwaitingApproval',
    ]);
  });

  test('sent twice take effect once', async () => {
    const { there, runs, ana, boxes } = await three();
    const page = await ana.get(queryOf('replay', boxes));
    const csrf = /name="csrf" value="(\w+)"/.exec(page.text)?.[1] ?? '';
    const fields = Object.fromEntries([...boxes].map(([name, stamp]) => [`letter-${name}`, stamp]));
    await ana.post('/queue/letters/replay', { ...fields, csrf });
    const again = await ana.post('/queue/letters/replay', { ...fields, csrf });
    expect(titleOf(again.text)).toBe('Replayed 0 of 3');
    for (const runId of runs) {
      expect((await there.store.runs.find([runId])).get(runId)?.state).toMatchObject({ epoch: 2 });
    }
  });

  test('need a mark, a deed, and no more marks than a page has', async () => {
    const { ana } = await three();
    expect((await ana.get('/queue/letters?do=replay')).headers.get('location')).toBe('/queue');
    expect(await saidTo(ana)).toBe('Mark at least one. Nothing changed.');
    const csrf = /name="csrf" value="(\w+)"/.exec((await ana.get('/queue')).text)?.[1] ?? '';
    expect((await ana.post('/queue/letters/replay', { csrf })).headers.get('location')).toBe('/queue');
    expect((await ana.get('/queue/letters?do=burn&letter-j1=x')).status).toBe(400);
    const many = new Map(Array.from({ length: 101 }, (_, index) => [`j${index}`, 'x']));
    expect((await ana.get(queryOf('replay', many))).text).toContain('At most 100 at once. Nothing changed.');
  });

  test('that somebody may not handle have no box, and are refused to a form that was made by hand', async () => {
    const { there, boxes } = await three();
    const eve = await seated(there, 'eve');
    expect(await boxesOf(eve)).toEqual(new Map());
    expect((await eve.get('/queue')).text).not.toContain('id="marked"');
    const csrf = /name="csrf" value="(\w+)"/.exec((await eve.get('/queue')).text)?.[1] ?? '';
    const fields = Object.fromEntries([...boxes].map(([name, stamp]) => [`letter-${name}`, stamp]));
    const tried = await eve.post('/queue/letters/drop', { ...fields, csrf, reason: 'mine now' });
    expect(titleOf(tried.text)).toBe('Dropped 0 of 3');
    expect(await open(there)).toHaveLength(3);
    expect((await eve.get(queryOf('drop', boxes))).text).not.toContain('backup');
  });
});

describe('a mark', () => {
  const letter: DeadLetter = {
    kind: 'outbound',
    id: 7,
    about: 'dev:ops',
    attempts: 3,
    error: 'gone',
    at: noon,
  };

  test('knows its letter again, and nothing else that has its name', () => {
    const stamp = stampOf(letter);
    expect(whyNot({ ...letter }, { name: 'o7', stamp }, 'replay')).toBeUndefined();
    const others: readonly Partial<DeadLetter>[] = [
      { about: 'dev:other' },
      { attempts: 4 },
      { error: 'blocked' },
      { at: noon + 1 },
      { hindrance: 'outdated' },
    ];
    for (const other of others) {
      const why = whyNot({ ...letter, ...other }, { name: 'o7', stamp }, 'drop');
      expect([other, why]).toEqual([other, 'o7 has changed since you saw it. Look at it again.']);
    }
  });

  test('does not replay what cannot be replayed, and drops it', () => {
    const outdated = { ...letter, hindrance: 'outdated' } as const;
    const mark = { name: 'o7', stamp: stampOf(outdated) };
    expect(whyNot(outdated, mark, 'replay')).toContain('so it is not sent again');
    expect(whyNot(outdated, mark, 'drop')).toBeUndefined();
  });

  test('is a field with the name of a letter; no other field is one', () => {
    const fields = {
      do: 'drop',
      csrf: 'c',
      'letter-j1': 's1',
      'letter-7': 's2',
      'letter-j1 x': 's3',
      'letter-': 's4',
    };
    expect(marksOf(fields)).toEqual([
      { name: 'j1', stamp: 's1' },
      { name: '7', stamp: 's2' },
    ]);
  });
});
