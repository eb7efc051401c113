import { expect } from 'vitest';
import type { Disqualified } from '../../src/core/ports/channel.ts';
import { minutes, report } from '../cast.ts';
import { LEASE_MS, onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';

const DISQUALIFIED: readonly Disqualified[] = [
  'forwarded',
  'edited',
  'via_bot',
  'anonymous',
  'automatic',
  'channel_post',
  'offline',
];

onEveryStore((story) => {
  story('a bare yes counts as a reply to a card, for that card and no other', async (town) => {
    const ops = town.chat(GROUP);
    const one = await ops.asks('ana', 'run backup');
    const two = await ops.asks('ana', 'run report');
    await ops.replies('bob', two, 'YES');
    expect((await town.run(one)).status).toBe('AwaitingApproval');
    expect((await town.run(two)).status).toBe('Dispatching');
    await ops.replies('bob', one, 'no we are full');
    expect(await town.run(one)).toMatchObject({ status: 'Denied', reason: 'we are full' });
  });

  story(
    'a reply to a card that the writer may not decide never becomes a yes to another one',
    async (town) => {
      const ops = town.chat(GROUP);
      const hidden = await ops.asks('dan', 'run vault-dump');
      const open = await ops.asks('ana', 'run backup');
      await ops.hears();
      await ops.replies('bob', hidden, 'yes');
      expect(await ops.hears()).toEqual([`No run ${hidden}.`]);
      for (const runId of [hidden, open]) expect((await town.run(runId)).status).toBe('AwaitingApproval');
    },
  );

  story('a bare yes counts when exactly one run waits here for that person, and names it', async (town) => {
    const ops = town.chat(GROUP);
    const mine = await ops.asks('dan', 'run vault-dump');
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.says('bob', 'yes');
    expect(await ops.hears()).toEqual([`Approved ${runId} (backup). Starting.`]);
    expect((await town.run(mine)).status).toBe('AwaitingApproval');
    await ops.says('bob', 'yes');
    expect(await ops.hears()).toEqual(['No run waits for you here.']);
  });

  story('a bare yes between two runs lists them and does nothing', async (town) => {
    const ops = town.chat(GROUP);
    const one = await ops.asks('ana', 'run backup');
    town.passes(1000);
    const two = await ops.asks('ana', 'run report');
    await ops.hears();
    await ops.says('bob', 'yes');
    const [list = ''] = await ops.hears();
    expect(list).toContain('2 runs are waiting for you, so I did nothing. Which one?');
    expect(list.split('\n').slice(1, 3)).toEqual([
      `1  ${one}  backup  Ana 12:00 UTC`,
      `2  ${two}  report  Ana 12:00 UTC`,
    ]);
    expect(await ops.presses('bob', `Approve ${two}`)).toBe(`Approved ${two}`);
    expect(await ops.presses('bob', 'Neither')).toBe('Nothing done.');
    expect((await town.run(one)).status).toBe('AwaitingApproval');
    await ops.says('bob', 'no');
    expect((await town.run(one)).status).toBe('Denied');
  });

  story('a bare yes does not count for a card of ten minutes ago, nor for another chat', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    const elsewhere = town.chat('telegram:42');
    await elsewhere.says('bob', 'yes');
    expect(await elsewhere.hears()).toEqual(['No run waits for you here.']);
    town.passes(minutes(10));
    await ops.says('bob', 'yes');
    expect((await ops.hears()).join()).toContain('That was asked a while ago, so I did nothing.');
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    await ops.replies('bob', runId, 'yes');
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story('one millisecond before the ten minutes are over a bare yes still counts', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    town.passes(minutes(10) - 1);
    await ops.says('bob', 'yes');
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story('whoever asked and may not approve has nothing waiting', async (town) => {
    const ops = town.chat(GROUP);
    await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.says('ana', 'yes');
    expect(await ops.hears()).toEqual(['No run waits for you here.']);
  });

  story('a job tells what its versions changed', async (town) => {
    const ops = town.chat(GROUP);
    await town.lists([{ ...report, spec: { ...report.spec, timeoutMs: minutes(5) } }]);
    await ops.says('ana', '/job report history');
    await ops.says('ana', '/job backup history');
    expect(await ops.hears()).toEqual([
      'report has 2 versions. Runs keep the one that they were asked for with.\nv1 → v2\n   timeout: 10m → 5m',
      'No job called "backup". See /jobs',
    ]);
  });

  story('ok, sure, thumbs and talk decide nothing and are not answered', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    for (const words of ['ok', 'sure', '👍', 'yes please', 'yesterday', 'no problem, later', 'yep!']) {
      await ops.says('bob', words);
    }
    expect(await ops.hears()).toEqual([]);
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
  });

  story('a yes that was written before the card existed does not count', async (town) => {
    const ops = town.chat(GROUP);
    const sentAtMs = town.now();
    town.passes(minutes(1));
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.says('bob', `yes ${runId}`, { sentAtMs });
    await ops.says('bob', 'yes', { sentAtMs });
    const again = `You wrote that before ${runId} was asked. Answer again: yes ${runId}`;
    expect(await ops.hears()).toEqual([again, again]);
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    // A second is all that Telegram tells of a time.
    await ops.says('bob', `yes ${runId}`, { sentAtMs: town.now() - 999 });
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story('a request that lay at the provider for more than ten minutes is not carried out', async (town) => {
    const ops = town.chat(GROUP);
    const sentAtMs = town.now();
    town.passes(minutes(10) + 1);
    await ops.says('ana', 'run backup', { sentAtMs });
    expect(await ops.hears()).toEqual([
      'I was away when you wrote this 10 min ago, so I did nothing. Send it again: run backup',
    ]);
    expect((await town.store.runs.list({ limit: 5 })).runs).toEqual([]);
    expect(await ops.says('ana', 'run backup', { sentAtMs: sentAtMs + 1 })).toMatchObject({
      jobKey: 'backup',
    });
  });

  story(
    'forwarded, edited, via a bot, anonymous, automatic, as a channel, by schedule: nothing is done',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run backup');
      const heavy = await ops.asks('ana', 'run db-migrate to=1');
      await ops.hears();
      for (const disqualified of DISQUALIFIED) {
        for (const words of [
          `yes ${runId}`,
          `no ${runId}`,
          `cancel ${runId}`,
          `resume ${heavy}`,
          `recover ${runId}`,
        ]) {
          await ops.says('bob', words, { disqualified });
        }
        await ops.says('ana', 'run report', { disqualified });
        await ops.says('ana', 'runs', { disqualified });
        await ops.says('bob', 'ok', { disqualified });
      }
      expect(new Set(await ops.hears())).toEqual(
        new Set(['Edits are ignored. Send it again as a new message.']),
      );
      for (const each of [runId, heavy]) {
        expect(await town.events(each)).toEqual(['RunCreated', 'ApprovalRequested']);
      }
      expect((await town.store.runs.list({ limit: 5 })).runs).toHaveLength(2);
    },
  );

  story('what is not addressed to the bot is nobody’s command', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.says('bob', `yes ${runId}`, { addressed: false });
    await ops.says('bob', 'yes', { addressed: false });
    expect(await ops.hears()).toEqual([]);
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    expect(town.seen('message_ignored').map(({ reason }) => reason)).toEqual([
      'not_addressed',
      'not_addressed',
    ]);
  });

  story('an id that is almost one is never taken for one, and the answer keeps the verb', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.says('bob', 'yes K7M2Q');
    await ops.says('bob', 'cancel K7M2Q');
    await ops.says('bob', 'resume');
    await ops.says('bob', 'yes k7m2qx');
    const hint = '"K7M2Q" is no run id: an id has 6 characters, such as K7M2QX.';
    expect(await ops.hears()).toEqual([
      `${hint} Try: yes K7M2QX`,
      `${hint} Try: cancel K7M2QX`,
      'Which run? Try: resume K7M2QX',
      'No run K7M2QX.',
    ]);
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
  });

  story('whoever has a lost run started again from a plain door is answered', async (town) => {
    const ops = town.chat('dev:ops');
    const runId = await ops.asks('ana', 'run report');
    await ops.says('bob', `yes ${runId}`);
    await town.worker().takes();
    town.passes(LEASE_MS + 1);
    await ops.hears();
    await ops.says('ana', `recover ${runId}`);
    expect(await ops.hears()).toEqual([`${runId} (report) is started again.`]);
  });
});
