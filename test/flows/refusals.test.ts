import { expect } from 'vitest';
import { withOwners } from './codes.ts';
import { onEveryStore, onLastingStores, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const countsOf = async ({ store, now }: Town): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries((await store.reader.refusals(now())).map(({ reason, day }) => [reason, day]));

onEveryStore((story) => {
  story(
    'whoever is refused is on record with the reason and the account, and counted once',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run backup');
      const vault = await ops.asks('dan', 'run vault-dump');
      const approve = { action: { verb: 'ap', label: '', runId }, messageId: '501' } as const;
      await town.chat('telegram:99').says('zed', 'run backup');
      await ops.says('zed', `yes ${runId}`);
      await ops.presses('zed', approve);
      await ops.says('cho', 'run backup');
      await ops.presses('eve', approve);
      await ops.says('bob', `yes ${vault}`);
      await ops.says('bob', `status ${vault}`);
      await ops.says('ana', `yes ${runId}`);
      await ops.presses('bob', approve, { token: 'AAAAAAAAAAAAAAAA' });
      await ops.presses('bob', approve, { verb: 'no', argument: 'unknown' });
      await ops.says('bob', 'revoke Ana');
      await ops.says('bob', 'pause queue');
      await ops.says('eve', 'freeze the release');
      await ops.says('bob', 'link 7F3K-2QMN-9XV4-C');
      await town.chat('telegram:45').says('ola', 'admit 7F3K-2QMN-9XV4-C viewer');
      const refused = town.seen('auth_refused');
      expect(refused.map(({ reason, actor }) => `${reason} ${actor}`)).toEqual([
        'stranger telegram:99',
        'stranger telegram:99',
        'stranger telegram:99',
        'may_not_request telegram:43',
        'may_not_see telegram:44',
        'may_not_see telegram:42',
        'may_not_see telegram:42',
        'requester_cannot_approve telegram:41',
        'wrong_token telegram:42',
        'forged_data telegram:42',
        'owner_needed telegram:42',
        'operator_needed telegram:42',
        'role_needed telegram:44',
        'private_only telegram:42',
        'code_void telegram:45',
      ]);
      expect(refused.every(({ channel }) => channel === 'telegram')).toBe(true);
      expect(await countsOf(town)).toEqual({
        stranger: 3,
        may_not_request: 1,
        may_not_see: 3,
        requester_cannot_approve: 1,
        wrong_token: 1,
        forged_data: 1,
        owner_needed: 1,
        operator_needed: 1,
        role_needed: 1,
        private_only: 1,
        code_void: 1,
      });
    },
    withOwners,
  );

  story(
    'what is not told apart in words is told apart in the count',
    async (town) => {
      const ops = town.chat(GROUP);
      const spec = {
        key: 'secret',
        jobKey: 'vault-dump',
        cron: '0 3 * * *',
        timezone: 'UTC',
        chat: GROUP,
        params: {},
        overlap: 'skip',
      } as const;
      await town.plans([spec]);
      const tries = (job: string, schedule: string): readonly string[] => [
        `job ${job}`,
        `pause ${job}`,
        `schedule ${job} "0 3 * * *" UTC`,
        `schedule pause ${schedule}`,
      ];
      await ops.hears();
      for (const line of tries('vault-dump', 'secret')) await ops.says('ana', line);
      const hidden = await ops.hears();
      expect(await countsOf(town)).toEqual({ may_not_see: 4 });
      for (const line of tries('value-dumb', 'sacred')) await ops.says('ana', line);
      const asIf = (await ops.hears()).map((said) =>
        said.replace('value-dumb', 'vault-dump').replace('sacred', 'secret'),
      );
      expect(hidden).toEqual(asIf);
      expect(await countsOf(town)).toEqual({ may_not_see: 4 });
    },
    withOwners,
  );

  story('what came too late, and what nobody certainly wrote, is counted too; talk is not', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${runId}`);
    await ops.says('cho', `yes ${runId}`);
    await ops.says('bob', `no ${runId}`, { disqualified: 'forwarded' });
    await ops.says('bob', `cancel ${runId}`, { disqualified: 'edited' });
    for (const words of ['ok', 'lunch?', 'status ZZZZZZ', 'run bakup']) await ops.says('ana', words);
    await ops.says('bob', `no ${runId}`, { addressed: false, disqualified: 'forwarded' });
    expect(await countsOf(town)).toEqual({ already_decided: 1, forwarded: 1, edited: 1 });
    expect(town.seen('auth_refused')).toEqual([]);
    await ops.hears();
    await ops.says('ana', 'ops refusals');
    expect(await ops.hears()).toEqual([
      'Allowed, but not now (transition_rejected)\nalready_decided  1 in 24h, 1 in 7d\n' +
        'Not certainly written by anybody (message.ignored)\nedited  1 in 24h, 1 in 7d\nforwarded  1 in 24h, 1 in 7d',
    ]);
  });

  story('a flood of strangers makes one number grow, and nothing else', async (town) => {
    const strangers = Array.from({ length: 200 }, (_, n) => ({
      from: { identity: `telegram:${5000 + n}`, name: `S${n}` },
    }));
    await Promise.all(
      strangers.map((more, n) => town.chat(`telegram:${5000 + n}`).says('zed', `yes ${n}`, more)),
    );
    expect(await town.store.reader.refusals(town.now())).toEqual([
      { kind: 'auth_refused', reason: 'stranger', day: 200, week: 200 },
    ]);
  });
});

onLastingStores((story) => {
  story('the counts are still there after a restart', async (town) => {
    await town.chat('telegram:99').says('zed', 'run backup');
    await town.restarts();
    await town.chat(GROUP).says('zed', 'run backup');
    expect(await countsOf(town)).toEqual({ stranger: 2 });
  });
});
