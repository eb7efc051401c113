import { expect } from 'vitest';
import { minutes } from '../cast.ts';
import { residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const heavyAndApproved = async (town: Town): Promise<string> => {
  const runId = await town.chat(GROUP).asks('ana', 'run db-migrate to=0042');
  await town.chat(GROUP).says('bob', `yes ${runId}`);
  await town.chat(GROUP).says('cho', `yes ${runId}`);
  return runId;
};

const crowd = Array.from({ length: 25 }, (_, index) => ({
  id: `fan${10 + index}`,
  name: `Fan ${10 + index}`,
  roles: ['approver'],
  identities: [`telegram:${700 + index}`],
}));

onEveryStore((story) => {
  story('two people have to agree, each counts once, and whoever asked does not count', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run db-migrate to=0042');
    expect(await ops.card(runId)).toMatch(
      /Approval needed \(0 of 2\) · \w+ · HEAVY[^]*Ana asked, so Ana cannot approve/,
    );
    expect(await ops.presses('ana', 'Approve')).toBe(
      'You asked for this run, so someone else must approve it (2 of Bob, Cho).',
    );
    expect(await ops.presses('bob', 'Approve')).toBe('Counted: 1 of 2. Nothing starts yet.');
    expect(await ops.presses('bob', 'Approve')).toBe('You already approved 12:00 UTC. Still 1 of 2.');
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested', 'ApprovalRecorded']);
    expect(await ops.presses('cho', 'Approve')).toBe('Counted: 2 of 2. Ready to start.');
    expect(await town.run(runId)).toMatchObject({
      status: 'Approved',
      votes: [{ name: 'Bob' }, { name: 'Cho' }],
    });
  });

  story('a needed role is not made up for by other votes', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run rotate-keys');
    await ops.says('bob', `yes ${runId}`);
    await ops.says('cho', `yes ${runId}`);
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    expect(await ops.card(runId)).toContain('needs 1 dba');
    await ops.says('dan', `yes ${runId}`);
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story(
    'approving a heavy run starts nothing; resume names the gates that are not met, then starts it once',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await heavyAndApproved(town);
      expect(await town.worker().claims()).toBeUndefined();
      expect((await town.events(runId)).at(-1)).toBe('RunApproved');
      expect((await ops.hears()).slice(-2)).toEqual([
        `Ana db-migrate is approved 2 of 2. Start it with the button or /resume ${runId}`,
        `Approved ${runId} (db-migrate). Not started: /resume ${runId}`,
      ]);
      await ops.says('ana', `resume ${runId}`);
      expect(await ops.hears()).toEqual([
        `${runId} cannot start yet: no worker is running (whoever has the host starts one: textops worker).`,
      ]);
      expect((await town.run(runId)).status).toBe('Approved');
      await town.worker('heavy-1').beats();
      await ops.says('ana', `resume ${runId}`);
      expect(await ops.hears()).toEqual([`Starting ${runId} (db-migrate).`]);
      await ops.says('ana', `resume ${runId}`);
      expect(await ops.hears()).toEqual([`${runId} is already on its way. Nothing was started twice.`]);
      const attempt = await town.worker('heavy-1').takes();
      await ops.says('cho', `resume ${runId}`);
      expect(await ops.hears()).toEqual([
        `${runId} is already running since 12:00 UTC. Nothing was started twice.`,
      ]);
      expect(await ops.card(runId)).toContain('started by Ana 12:00 UTC on heavy-1');
      await attempt.succeeds('migrated');
      expect((await town.events(runId)).filter((type) => type.startsWith('Execution'))).toEqual([
        'ExecutionDispatched',
        'ExecutionStarted',
        'ExecutionSucceeded',
      ]);
    },
  );

  story('the button that starts stands on the card only while the gates are met', async (town) => {
    const ops = town.chat(GROUP);
    await heavyAndApproved(town);
    expect(await ops.labels()).not.toContain('Start now');
    await town.worker().beats();
    const second = await heavyAndApproved(town);
    expect(await ops.card(second)).toContain('Gates: freeze off ✔ · worker w1 alive ✔');
    expect(await ops.presses('bob', 'Start now')).toBe(`Starting ${second} (db-migrate).`);
  });

  story('a light run has nothing to resume, and one that is not approved cannot start', async (town) => {
    const ops = town.chat(GROUP);
    const light = await ops.asks('ana', 'run backup');
    const heavy = await ops.asks('ana', 'run db-migrate to=1');
    await ops.hears();
    await ops.says('ana', `resume ${light}`);
    await ops.says('ana', `resume ${heavy}`);
    expect(await ops.hears()).toEqual([
      `${light} (backup) is not heavy: it starts by itself when it is approved.`,
      `${heavy} (db-migrate) is not approved yet, so it cannot start.`,
    ]);
  });

  story('whoever said no by a button says why by replying to the card, once', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    expect(await ops.presses('bob', 'Deny')).toBe(`Denied ${runId}. Reply to the card to add a reason.`);
    await ops.hears();
    await ops.replies('cho', runId, 'thanks all');
    await ops.replies('bob', runId, '👍');
    await ops.replies('bob', runId, 'prod is in a   freeze\nuntil Monday');
    await ops.replies('bob', runId, 'and I mean it');
    expect(await ops.hears()).toEqual([
      `Ana ⛔ Bob denied backup (${runId}): "prod is in a freeze until Monday". Nothing ran.`,
    ]);
    expect(await ops.card(runId)).toMatch(/denied by Bob 12:00 UTC: "prod is in a freeze until Monday"$/m);
    expect(await town.events(runId)).toEqual([
      'RunCreated',
      'ApprovalRequested',
      'RunDenied',
      'DenialExplained',
    ]);
  });

  story('a reason may begin like a command, and has no other effect', async (town) => {
    const ops = town.chat(GROUP);
    for (const reason of ['freeze until Monday', 'run it on Monday', 'cancel your holidays first']) {
      const runId = await ops.asks('ana', 'run backup');
      await ops.presses('bob', 'Deny');
      await ops.hears();
      await ops.replies('bob', runId, reason);
      expect(await ops.hears()).toEqual([`Ana ⛔ Bob denied backup (${runId}): "${reason}". Nothing ran.`]);
      expect(await town.store.freeze.current()).toBeUndefined();
    }
  });

  story('after a day nobody asks for a reason any more', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.presses('bob', 'Deny');
    town.passes(24 * 60 * 60_000 + 1);
    await ops.replies('bob', runId, 'because');
    expect((await town.events(runId)).at(-1)).toBe('RunDenied');
  });

  story('a command under a card that was denied is a command, and no reason', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.presses('bob', 'Deny');
    await ops.hears();
    await ops.replies('bob', runId, 'status');
    expect((await ops.hears())[0]).toMatch(new RegExp(`^⛔ ${runId} backup: denied`));
    expect((await town.events(runId)).at(-1)).toBe('RunDenied');
  });

  story('a no ends it; a late yes learns who said no and when', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const approve = await ops.button('Approve');
    await ops.hears();
    town.passes(minutes(2));
    await ops.says('bob', `no ${runId} prod is in a freeze`);
    expect(await ops.hears()).toEqual([
      `Ana ⛔ Bob denied backup (${runId}): "prod is in a freeze". Nothing ran.`,
      `Denied ${runId} (backup).`,
    ]);
    expect(await ops.presses('cho', approve)).toBe('Already denied by Bob 12:02 UTC. Nothing changed.');
    await ops.says('cho', `yes ${runId}`);
    expect(await ops.hears()).toEqual(['Already denied by Bob 12:02 UTC. Nothing changed.']);
    expect((await town.events(runId)).at(-1)).toBe('RunDenied');
    expect(await town.worker().claims()).toBeUndefined();
  });

  story('a second yes after the deciding one learns that it was late', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const approve = await ops.button('Approve');
    await ops.presses('bob', approve);
    expect(await ops.presses('cho', approve)).toBe(
      `${runId} (backup) was already approved by Bob 12:00 UTC; it is queued. Nothing changed.`,
    );
    expect(town.seen('transition_rejected')).toMatchObject([
      { runId, command: 'approve', why: 'already_decided' },
    ]);
  });

  story('a button that was made for something else counts for nothing', async (town) => {
    const ops = town.chat(GROUP);
    const one = await ops.asks('ana', 'run backup');
    const two = await ops.asks('ana', 'run report');
    expect(await ops.presses('bob', 'Approve', { runId: one })).toMatch(/^This button is out of date/);
    expect(await ops.presses('bob', 'Approve', { token: 'AAAAAAAAAAAAAAAA' })).toMatch(
      /^This button is out of date/,
    );
    expect(await ops.presses('bob', 'Deny', { verb: 'ap' })).toMatch(/^This button is out of date/);
    for (const runId of [one, two]) expect(await town.events(runId)).toHaveLength(2);
  });

  story('whoever asked may not approve it outside of the dev profile', async (town) => {
    const ops = town.chat(GROUP);
    await town.admits([
      { id: 'ana', name: 'Ana', roles: ['operator', 'approver'], identities: ['telegram:41', 'dev:ana'] },
      { id: 'bob', name: 'Bob', roles: ['approver'], identities: ['telegram:42'] },
    ]);
    const runId = await ops.asks('ana', 'run backup');
    expect(await ops.presses('ana', 'Approve')).toBe(
      'You asked for this run, so someone else must approve it (1 of Bob).',
    );
    const door = town.chat('dev:ops');
    const second = await door.asks('ana', 'run backup');
    await door.says('ana', `yes ${second}`);
    for (const each of [runId, second]) expect((await town.run(each)).status).toBe('AwaitingApproval');
  });

  story(
    'of a crowd of approvers the first ones are named',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.asks('ana', 'run backup');
      const toast = await ops.presses('ana', 'Approve');
      expect(toast).toMatch(/\(1 of Fan 10, Fan 11, .*, Fan 29, and others\)\.$/);
    },
    { people: [...residents.filter(({ id }) => id === 'ana'), ...crowd] },
  );
});
