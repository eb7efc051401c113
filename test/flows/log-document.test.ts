import { expect } from 'vitest';
import { backup } from '../cast.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, line) => `line ${line + 1}\n`).join('');

const output = (head: string, tail = '') => ({
  output: { head, tail, bytes: head.length + tail.length, sha256: 'b'.repeat(64) },
});

const approved = async (town: Town, address = GROUP): Promise<string> => {
  const ops = town.chat(address);
  const runId = await ops.asks('ana', 'run backup');
  await ops.says('bob', `yes ${runId}`);
  return runId;
};

const files = async (town: Town) => (await town.shown()).flatMap((one) => one.file ?? []);

onEveryStore((story) => {
  story(
    'after a failure for good the whole output comes as a file, under the card, silently',
    async (town) => {
      const runId = await approved(town);
      const attempt = await town.worker().takes();
      await town.rings();
      await attempt.fails('No space left on device', output(linesOf(30)));
      const name = `backup-${runId}-attempt1.log`;
      const rings = (await town.rings()).map(({ text }) => text);
      expect(rings).toEqual([expect.stringContaining('❌ backup failed')]);
      const shown = await town.shown();
      const card = shown.find(({ isCard }) => isCard);
      const file = { name, text: linesOf(30) };
      expect(shown.at(-1)).toMatchObject({ text: name, file, replyTo: card?.messageId });
    },
  );

  story('the row of the outbox names the attempt, and nothing of what it wrote', async (town) => {
    const runId = await approved(town);
    await (await town.worker().takes()).fails('disk', output(`${linesOf(30)}the very end\n`));
    const claim = { owner: 'test', limit: 50, at: town.now(), until: town.now() + 1, channels: ['telegram'] };
    for (;;) {
      const [head] = await town.store.outbox.claim(claim);
      if (head === undefined) throw new Error('no message attaches anything');
      if (head.draft.attaches !== undefined) {
        expect(head.draft.attaches).toEqual({
          runId,
          epoch: 1,
          attempt: 1,
          name: `backup-${runId}-attempt1.log`,
        });
        expect(JSON.stringify(head.draft)).not.toContain('line ');
        return;
      }
      await town.store.outbox.settle([{ outboxId: head.outboxId, k: 'sent' }], town.now(), 'test');
    }
  });

  story('what the message shows already is not sent again', async (town) => {
    await approved(town);
    await (await town.worker().takes()).fails('disk', output(linesOf(10)));
    expect(await files(town)).toEqual([]);
  });

  story('of a long output it is what is stored, with a mark in the middle', async (town) => {
    await approved(town);
    await (await town.worker().takes()).fails('disk', {
      output: { head: 'the beginning', tail: 'the end', bytes: 900_000, sha256: 'b'.repeat(64) },
    });
    expect(await files(town)).toEqual([]);
    const runId = await approved(town);
    await (await town.worker().takes()).fails('disk', {
      output: { head: linesOf(20), tail: 'the end', bytes: 900_000, sha256: 'b'.repeat(64) },
    });
    const text = `${linesOf(20)}\n… the middle is not stored, 900000 bytes in all …\nthe end`;
    expect(await files(town)).toEqual([{ name: `backup-${runId}-attempt1.log`, text }]);
  });

  story(
    'only the last attempt is sent, and only when nothing is tried any more',
    async (town) => {
      const runId = await approved(town);
      await (await town.worker().takes()).fails('disk', output(linesOf(30)));
      expect(await files(town)).toEqual([]);
      town.passes(60_000);
      await (await town.worker().takes()).fails('disk', output(linesOf(31)));
      expect(await files(town)).toEqual([{ name: `backup-${runId}-attempt2.log`, text: linesOf(31) }]);
    },
    {
      jobs: [
        {
          key: 'backup',
          spec: {
            ...backup.spec,
            effects: 'idempotent',
            retry: { ...backup.spec.retry, attemptsMax: 2 },
          },
        },
      ],
    },
  );

  story('a success, and a channel without files, get none', async (town) => {
    await approved(town);
    await (await town.worker().takes()).succeeds('4.1 GB written');
    await approved(town, 'dev:ops');
    await (await town.worker().takes()).fails('disk', output(linesOf(30)));
    await approved(town, 'terminal:chat');
    await (await town.worker().takes()).fails('disk', output(linesOf(30)));
    expect(await files(town)).toEqual([]);
    expect((await town.shown()).some(({ text }) => text.endsWith('.log'))).toBe(false);
  });
});
