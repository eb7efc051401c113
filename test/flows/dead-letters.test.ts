import { expect } from 'vitest';
import { letterName } from '../../src/core/text/ops/letter-words.ts';
import { residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const failedRun = async (town: Town): Promise<string> => {
  const ops = town.chat(GROUP);
  const runId = await ops.asks('ana', 'run backup');
  await ops.says('bob', `yes ${runId}`);
  await (await town.worker().takes()).fails('No space left on device');
  await ops.hears();
  return runId;
};

const letterOf = async (town: Town): Promise<string> => {
  const [letter] = await town.store.deadLetters.list(1);
  if (letter === undefined) throw new Error('there is no dead letter');
  return letterName(letter);
};

onEveryStore((story) => {
  story('a run that failed for good is listed, and its replay asks again', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await failedRun(town);
    await ops.says('ana', 'deadletters');
    const [list = ''] = await ops.hears();
    const letter = await letterOf(town);
    expect(list).toBe(
      `1 dead letter\n${letter} ${runId} backup: No space left on device 12:00 UTC\n` +
        `Again: /deadletters replay ${letter}   Give up: /deadletters drop ${letter} REASON`,
    );
    await ops.says('ana', `deadletters replay ${letter}`);
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 2 });
    expect(await town.events(runId)).toContain('RunRecovered');
    expect(await town.store.deadLetters.list(10)).toEqual([]);
    await ops.says('bob', `yes ${runId}`);
    const again = await town.worker().takes();
    expect(again.claimed.entry).toMatchObject({ runId, epoch: 2, attempt: 1 });
    await again.fails('again');
    expect(await town.store.deadLetters.list(10)).toMatchObject([{ about: runId, error: 'again' }]);
  });

  story('recovering a run by its own word takes its dead letter along', async (town) => {
    const runId = await failedRun(town);
    await town.chat(GROUP).says('ana', `recover ${runId}`);
    expect(await town.store.deadLetters.list(10)).toEqual([]);
  });

  story('giving up takes a reason and is on record', async (town) => {
    const ops = town.chat(GROUP);
    await failedRun(town);
    const letter = await letterOf(town);
    await ops.says('ana', `deadletters drop ${letter}`);
    await ops.says('ana', `deadletters drop ${letter} done by hand`);
    await ops.says('ana', `deadletters drop ${letter} done by hand`);
    await ops.says('ana', 'deadletters');
    expect(await ops.hears()).toEqual([
      `Why? /deadletters drop ${letter} REASON`,
      `${letter} is dropped: "done by hand".`,
      `No open dead letter "${letter}". See /deadletters`,
      'No dead letters.',
    ]);
    expect(await town.store.runs.history('system')).toMatchObject([
      {
        type: 'DeadLetterDropped',
        actor: 'user:telegram:41',
        payload: { kind: 'job', reason: 'done by hand' },
      },
    ]);
  });

  story('a message is replayed by an operator only, once, and on record', async (town) => {
    const ops = town.chat(GROUP);
    const own = town.chat('telegram:41');
    await own.says('ana', 'help');
    await own.hears();
    await town.store.outbox.suspend('telegram:-500', 'removed', town.now());
    await town.store.runs.commit([
      {
        queue: [],
        at: town.now(),
        outbox: [
          {
            key: 'news',
            address: 'telegram:-500',
            priority: 1,
            content: { kind: 'note', note: { lines: [['news']], actions: [] } },
          },
        ],
      },
    ]);
    const [{ id } = { id: 0 }] = await town.store.deadLetters.list(1);
    await ops.says('bob', 'deadletters');
    await ops.says('bob', `deadletters replay o${id}`);
    await ops.says('ana', 'deadletters');
    const [hidden, refused, shown] = await ops.hears();
    expect([hidden, refused]).toEqual([
      'No dead letters.',
      'Only operators and owners handle the dead letters of messages. Nothing changed.',
    ]);
    expect(shown).toContain(`o${id} to telegram:-500: removed `);
    await town.store.outbox.unsuspend('telegram:-500', town.now());
    await ops.says('ana', `deadletters replay ${id}`);
    await ops.says('ana', `deadletters replay o${id}`);
    expect(await ops.hears()).toEqual([
      `o${id} is sent once more to telegram:-500.`,
      `No open dead letter "o${id}". See /deadletters`,
    ]);
    expect(await town.chat('telegram:-500').hears()).toEqual(['news']);
    expect(await town.store.runs.history('system')).toMatchObject([
      { type: 'MessageReplayed', actor: 'user:telegram:41', payload: { kind: 'outbound', id } },
    ]);
  });

  story(
    'the runs of others stay unseen',
    async (town) => {
      await failedRun(town);
      const letter = await letterOf(town);
      const eve = town.chat('telegram:44');
      await eve.says('eve', 'deadletters');
      await eve.says('eve', `deadletters replay ${letter}`);
      expect(await eve.hears()).toEqual([
        'No dead letters.',
        `No open dead letter "${letter}". See /deadletters`,
      ]);
    },
    { people: residents },
  );
});
