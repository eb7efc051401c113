import { expect } from 'vitest';
import type { ILogReader } from '../../src/core/ports/log.ts';
import { noon } from '../cast.ts';
import { owners, residents } from './residents.ts';
import { onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';
const PRIVATE = 'telegram:5';

/** A log of sixty lines, the last of them long and about a run. */
const log: ILogReader = {
  newest: ({ count, runId }) =>
    Promise.resolve(
      Array.from({ length: 60 }, (_, n) => ({
        at: noon + n * 1000,
        level: 'info',
        event: 'run.created',
        words: runId === undefined ? `line ${n}` : `line ${n} of ${runId} ${'x'.repeat(300)}`,
      })).slice(-count),
    ),
};
const empty: ILogReader = { newest: () => Promise.resolve([]) };
const people = [...residents, ...owners];

onEveryStore((story) => {
  story(
    'an owner reads the newest lines, twenty or as many as they say',
    async (town) => {
      const ops = town.chat(PRIVATE);
      await ops.says('ola', '/ops log');
      await ops.says('ola', 'log 2');
      await ops.says('ola', '/log 51');
      await ops.says('ola', '/log 0');
      const [twenty = '', two, ...wrong] = await ops.hears();
      expect(twenty.split('\n')).toHaveLength(20);
      expect(two).toBe('12:00 UTC info line 58\n12:00 UTC info line 59');
      expect(wrong).toEqual(Array.from({ length: 2 }, () => 'From 1 to 50 lines. Try: /log 20'));
    },
    { log, people },
  );

  story(
    'nobody else does, and no owner where others read along',
    async (town) => {
      await town.chat(PRIVATE).says('ana', '/ops log');
      expect(await town.chat(PRIVATE).hears()).toEqual([
        'Only an owner or a viewer reads the log. Of a run that you may see: /ops log ID',
      ]);
      await town.chat(GROUP).says('ola', '/log 20');
      expect(await town.chat(GROUP).hears()).toEqual([
        'The log names people and chats, so ask for it in a private chat with me.',
      ]);
      expect(town.seen('auth_refused').map(({ reason }) => reason)).toEqual(['role_needed', 'private_only']);
    },
    { log, people },
  );

  story(
    'whoever may see a run reads what the log says of it; another one is not there',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run backup');
      await ops.hears();
      await ops.says('bob', `/ops log ${runId}`);
      await ops.says('eve', `/ops log ${runId}`);
      await ops.says('bob', '/ops log nonsense');
      const [lines = '', ...others] = await ops.hears();
      expect(lines.split('\n')).toHaveLength(20);
      expect(lines).toContain(`line 59 of ${runId} xxx`);
      expect(Math.max(...lines.split('\n').map((line) => line.length))).toBeLessThan(200);
      expect(others).toEqual([
        `No run ${runId}.`,
        '"nonsense" is neither a number nor a run. Try: /ops log, or /log 20',
      ]);
    },
    { log, people },
  );

  story(
    'an empty log says so',
    async (town) => {
      const ops = town.chat(PRIVATE);
      const runId = await ops.asks('ana', 'run backup');
      await ops.hears();
      await ops.says('ola', '/log 5');
      await ops.says('ana', `/ops log ${runId}`);
      expect(await ops.hears()).toEqual([
        'The log is empty.',
        `Nothing about ${runId} in the log of this process.`,
      ]);
    },
    { log: empty, people },
  );

  story('where no log is kept, its machine has one', async (town) => {
    const ops = town.chat(PRIVATE);
    await ops.says('bob', '/ops log');
    expect(await ops.hears()).toEqual(['There is no log here. On its machine: textops logs']);
  });
});
