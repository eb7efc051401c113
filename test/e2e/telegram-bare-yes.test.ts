import { describe, expect, test } from 'vitest';
import { living, openTown, type Room } from './town.ts';

// The first process lives eleven minutes ago; what it asked is old when the second one is asked about it.
const ELEVEN_MINUTES = 11 * 60_000;
const town = openTown({ env: living(-ELEVEN_MINUTES) });

const status = async (runId: string): Promise<string> => (await town.run(runId)).run.status;

/** In a group with privacy mode a bare word reaches the bot only as a mention. */
const YES = '@textops_bot yes';

describe('a bare yes', () => {
  test('does not count for a card of more than ten minutes ago, and decides nothing when that was not known', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    expect(await town.program.stop()).toBe(0);
    await town.start();
    ops.hears('bob', YES);
    const list = await ops.shows(/That was asked a while ago/);
    expect(list.text).toContain(`1  ${card.runId}  backup  Ana`);
    expect(list.buttons.flat().map(({ label }) => label)).toEqual([`Approve ${card.runId}`, 'Neither']);
    expect(await status(card.runId)).toBe('AwaitingApproval');
    // The button of the list names the run, so it counts.
    await ops.presses('bob', list, `Approve ${card.runId}`);
    await town.runThatIs(card.runId, 'Succeeded');
  });

  describe.concurrent('that is fresh', () => {
    test('counts when exactly one run waits here for this person, and the answer names it', async () => {
      const ops = town.group();
      const card = await ops.asks('ana', '/run backup');
      ops.hears('bob', YES);
      await ops.shows(new RegExp(`^Approved ${card.runId} \\(backup\\)\\. Starting\\.$`));
      await town.runThatIs(card.runId, 'Succeeded');
    });

    test('counts in a private chat without a mention', async () => {
      const home = town.home('max');
      const card = await home.asks('max', '/run solo');
      home.hears('max', 'yes');
      await town.runThatIs(card.runId, 'Succeeded');
    });

    test('with two waiting lists both with buttons and decides nothing', async () => {
      const ops = town.group();
      const first = await ops.asks('ana', '/run backup');
      const second = await ops.asks('ana', '/run restart-web env=prod');
      ops.hears('bob', YES);
      const list = await ops.shows(/^2 runs are waiting for you, so I did nothing\. Which one\?/);
      expect(list.text).toContain(`${first.runId}  backup  Ana`);
      expect(list.text).toContain(`${second.runId}  restart-web  Ana`);
      const buttons = list.buttons.flat();
      expect(buttons.map(({ label }) => label).toSorted()).toEqual(
        [`Approve ${first.runId}`, `Approve ${second.runId}`, 'Neither'].toSorted(),
      );
      expect(await ops.presses('bob', list, 'Neither')).toEqual({ text: 'Nothing done.', showAlert: true });
      expect([await status(first.runId), await status(second.runId)]).toEqual([
        'AwaitingApproval',
        'AwaitingApproval',
      ]);
      await ops.presses('bob', list, `Approve ${second.runId}`);
      await town.runThatIs(second.runId, 'Succeeded');
      expect(await status(first.runId)).toBe('AwaitingApproval');
    });

    test('with nothing waiting here says so, although a run waits in another chat', async () => {
      const elsewhere = await town.group().asks('ana', '/run backup');
      const ops = town.group();
      ops.hears('bob', YES);
      await ops.shows(/^No run waits for you here\.$/);
      expect(await status(elsewhere.runId)).toBe('AwaitingApproval');
    });

    test('of somebody who asked and may not approve finds nothing to answer', async () => {
      const ops = town.group();
      const card = await ops.asks('max', '/run backup');
      ops.hears('max', YES);
      await ops.shows(/^No run waits for you here\.$/);
      expect(await status(card.runId)).toBe('AwaitingApproval');
    });

    test('a near miss of an id is never taken for it', async () => {
      const ops = town.group();
      const card = await ops.asks('ana', '/run backup');
      const miss = await idBeside(ops, card.runId);
      expect(miss).not.toBe(card.runId);
      await ops.shows(new RegExp(`^No run ${miss}\\.`));
      expect(await status(card.runId)).toBe('AwaitingApproval');
    });
  });
});

/** Says yes to an id that differs in its last character. */
const idBeside = async (room: Room, runId: string): Promise<string> => {
  const miss = `${runId.slice(0, -1)}${runId.endsWith('7') ? '8' : '7'}`;
  room.hears('bob', `/yes ${miss}`);
  return miss;
};
