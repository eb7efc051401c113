import { expect } from 'vitest';
import { onEveryStore } from './town.ts';

const STRANGER =
  'I do not know you yet. Send /link to get a code for an owner; until then I answer nothing else.';
const dev = { profile: 'dev' } as const;

onEveryStore((story) => {
  for (const address of ['dev:ops', 'terminal:chat']) {
    story(
      `on ${address} of the dev profile, whoever asked may approve it`,
      async (town) => {
        const chat = town.chat(address);
        const runId = await chat.asks('ana', 'run backup');
        await chat.says('ana', `yes ${runId}`);
        expect(await town.run(runId)).toMatchObject({ status: 'Dispatching', selfApproval: true });
      },
      dev,
    );
  }

  story(
    'on Telegram the dev profile is as strict as any other',
    async (town) => {
      await town.admits([
        { id: 'ana', name: 'Ana', roles: ['operator', 'approver'], identities: ['telegram:41'] },
      ]);
      const ops = town.chat('telegram:41');
      const runId = await ops.asks('ana', 'run backup');
      await ops.says('ana', `yes ${runId}`);
      expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', selfApproval: false });
      expect(await ops.says('zed', 'run backup')).toMatchObject({ intent: 'Unknown' });
      expect((await ops.hears()).at(-1)).toBe(`${STRANGER}\nYour id here: telegram:99`);
    },
    dev,
  );

  story(
    'a dev identity counts on the dev door and in the terminal, and nowhere else',
    async (town) => {
      const forged = { from: { identity: 'dev:mallory', name: 'Mallory' } };
      const ops = town.chat('telegram:77');
      expect(await ops.says('zed', 'run backup', forged)).toMatchObject({ intent: 'Unknown' });
      expect(await ops.hears()).toEqual([`${STRANGER}\nYour id here: dev:mallory`]);
      await town.admits([{ id: 'ana', name: 'Ana', roles: ['operator'], identities: ['dev:ana'] }]);
      expect(
        await ops.says('zed', 'run backup', { from: { identity: 'dev:ana', name: 'Ana' } }),
      ).toMatchObject({
        intent: 'Unknown',
      });
      expect(await town.chat('dev:ops').says('mallory', 'run backup')).toMatchObject({ jobKey: 'backup' });
      expect((await town.store.runs.list({ limit: 5 })).runs).toHaveLength(1);
    },
    dev,
  );

  story(
    'the seats of the terminal keep their own roles',
    async (town) => {
      const chat = town.chat('terminal:chat');
      await chat.says('bob', 'run backup');
      await chat.says('eve', 'run backup');
      expect(await chat.hears()).toEqual([
        'You may not ask for backup. You may run nothing yet.',
        expect.stringContaining('No job called "backup"'),
      ]);
      const runId = await chat.asks('ana', 'run backup');
      expect(await chat.presses('eve', 'Approve')).toBe(
        'You are linked as Eve but may not approve backup. Nothing changed.',
      );
      expect(await chat.presses('cho', 'Approve')).toBe(`Approved ${runId}`);
    },
    dev,
  );

  story(
    'a job that nobody knows runs the demo in the dev profile, and is a sentence everywhere else',
    async (town) => {
      const door = town.chat('dev:ops');
      const runId = await door.asks('ana', 'run something');
      expect(await town.run(runId)).toMatchObject({ jobKey: 'something', jobVersion: 0 });
      await door.says('ana', 'run bakup');
      await town.admits([{ id: 'ana', name: 'Ana', roles: ['operator'], identities: ['telegram:41'] }]);
      const ops = town.chat('telegram:41');
      await ops.says('ana', 'run something');
      expect((await door.hears()).at(-1)).toBe('No job called "bakup". Did you mean "backup"?');
      expect(await ops.hears()).toEqual(['No job called "something". 6 jobs exist: /jobs']);
    },
    dev,
  );

  story(
    'a policy that never asks starts at once, is signed by the policy, and is observed',
    async (town) => {
      const door = town.chat('dev:ops');
      const asked = await door.says('ana', 'run clean-up');
      const runId = asked?.runId ?? '';
      expect(asked?.dispatched).toBe(true);
      expect(await town.events(runId)).toEqual(['RunCreated', 'RunApproved', 'ExecutionDispatched']);
      expect((await town.store.runs.history(runId))[1]).toMatchObject({ actor: 'policy:never' });
      expect(town.seen('never_policy_used')).toEqual([
        { kind: 'never_policy_used', runId, jobKey: 'clean-up' },
      ]);
      await (await town.worker().takes()).succeeds('empty');
      expect(await door.hears()).toEqual([
        `Approved by policy. Starting run ${runId} for job "clean-up"…`,
        `Run ${runId} succeeded: empty`,
      ]);
    },
    dev,
  );

  story('outside of the dev profile even such a policy asks', async (town) => {
    const ops = town.chat('telegram:-100');
    const runId = await ops.asks('ana', 'run clean-up');
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    await ops.says('ana', 'run something');
    expect((await ops.hears()).at(-1)).toBe('No job called "something". 6 jobs exist: /jobs');
    expect(town.seen('never_policy_used')).toEqual([]);
    const door = town.chat('dev:ops');
    expect(await door.says('mallory', 'run backup')).toMatchObject({ intent: 'Unknown' });
  });
});
