import { expect } from 'vitest';
import { backup, withApproval, withSpec } from '../cast.ts';
import { jobs, residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const swapped = { 'backup.sh': 'f'.repeat(64) };

const approved = async (town: Town, job = 'backup'): Promise<string> => {
  const runId = await town.chat(GROUP).asks('ana', `run ${job}`);
  await town.chat(GROUP).says('bob', `yes ${runId}`);
  await town.chat(GROUP).hears();
  return runId;
};

const withoutBob = residents.map((person) => (person.id === 'bob' ? { ...person, roles: [] } : person));

onEveryStore((story) => {
  story(
    'a script that was swapped after the approval is not started: the votes fall, and people are asked again',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await approved(town);
      const before = await town.run(runId);
      town.swaps(swapped);
      expect((await town.worker().takes()).start).toEqual({ kind: 'nothing', why: 'AwaitingApproval' });
      const after = await town.run(runId);
      expect(after).toMatchObject({
        status: 'AwaitingApproval',
        because: 'voided',
        epoch: 2,
        votes: [],
        files: swapped,
      });
      expect(after.digest).not.toBe(before.digest);
      expect((await town.events(runId)).slice(-2)).toEqual(['ApprovalVoided', 'ApprovalRequested']);
      expect(await ops.hears()).toEqual([
        `What backup would run is no longer what was approved (${runId}), so the approval is void. Nothing ran.`,
        `Ana ⏳ backup (${runId}) needs a new decision.`,
      ]);
      expect(await ops.card(runId)).toContain(`digest ${after.digest.slice(0, 6)}`);
      expect(await town.worker().claims()).toBeUndefined();
      expect(await ops.presses('cho', 'Approve')).toBe(`Approved ${runId}`);
      expect((await town.worker().takes()).start.kind).toBe('start');
    },
  );

  story('a yes that is on its way while the run asks anew is no answer to the new question', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const asksAnew = async (): Promise<void> => {
      await town.chat('telegram:41').says('ana', `cancel ${runId}`);
      await town.chat('telegram:41').says('ana', `recover ${runId}`);
    };
    const anew = `${runId} (backup) has asked anew meanwhile; answer the newest question. Nothing changed.`;
    town.meanwhile(asksAnew);
    expect(await ops.presses('cho', 'Approve')).toBe(
      'This button is out of date; use the newest card. Nothing changed.',
    );
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 2, votes: [] });
    town.meanwhile(asksAnew);
    await ops.says('cho', `yes ${runId}`);
    expect((await ops.hears()).at(-1)).toBe(anew);
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 3, votes: [] });
    await ops.says('cho', `yes ${runId}`);
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story('the old button does not approve what came in place of the old script', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const old = await ops.button('Approve');
    await ops.presses('bob', old);
    town.swaps(swapped);
    await town.worker().takes();
    expect(await ops.presses('cho', old)).toBe(
      'This button is out of date; use the newest card. Nothing changed.',
    );
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
  });

  story('a voter who lost the right before the start counts no more', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town);
    await town.admits(withoutBob);
    expect((await town.worker().takes()).start.kind).toBe('nothing');
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'voided', epoch: 2 });
    expect((await ops.hears())[0]).toBe(
      `An approver of backup (${runId}) may not approve it any more, so the approval is void. Nothing ran.`,
    );
    await ops.says('bob', `yes ${runId}`);
    await ops.says('cho', `yes ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Dispatching', votes: [{ name: 'Cho' }] });
  });

  story('the same at the resume of a heavy run', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run db-migrate to=1');
    for (const who of ['bob', 'cho']) await ops.says(who, `yes ${runId}`);
    await town.worker().beats();
    await town.admits(withoutBob);
    await ops.hears();
    await ops.says('ana', `resume ${runId}`);
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    expect((await ops.hears()).at(-1)).toBe(`${runId} (db-migrate) has to be approved again.`);
  });

  story('a changed definition is a new version: what waits keeps and runs the old one', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const changed = withSpec(backup, {
      title: 'Back up everything',
      target: { kind: 'command', command: ['pg-backup', '--all'], env: [] },
    });
    await town.lists(jobs.map((job) => (job.key === 'backup' ? { key: 'backup', spec: changed.spec } : job)));
    await ops.says('bob', `yes ${runId}`);
    const { start, succeeds } = await town.worker().takes();
    expect(start).toMatchObject({
      kind: 'start',
      run: { jobVersion: 1 },
      job: { version: 1, spec: { target: { command: ['pg-backup', '--db', 'main'] } } },
    });
    await succeeds();
    expect(await ops.card(runId)).toContain('backup v1');
    await ops.presses('ana', 'Run again');
    const [again] = (await town.store.runs.list({ status: ['AwaitingApproval'], limit: 1 })).runs;
    expect(again?.state).toMatchObject({ jobVersion: 2, willRun: 'pg-backup --all', votes: [] });
    expect(again?.state.runId).not.toBe(runId);
  });

  story(
    'what the catalog says after the approval changes nothing for the run: not what runs, nor whose yes counts',
    async (town) => {
      const runId = await approved(town);
      const { digest } = await town.run(runId);
      const changed = withApproval(
        withSpec(backup, {
          requesters: ['role:dba'],
          target: { kind: 'command', command: ['rm', '-rf', '/'], env: [] },
        }),
        { quorum: 3, approvers: ['role:dba'] },
      );
      await town.lists([{ key: 'backup', spec: changed.spec }]);
      const { start, succeeds } = await town.worker().takes();
      expect(start).toMatchObject({
        kind: 'start',
        run: { jobVersion: 1, digest, approval: { quorum: 1 } },
        job: { version: 1, spec: { target: { command: ['pg-backup', '--db', 'main'] } } },
      });
      await succeeds();
      expect((await town.events(runId)).slice(2)).toEqual([
        'RunApproved',
        'ExecutionDispatched',
        'ExecutionStarted',
        'ExecutionSucceeded',
      ]);
    },
  );

  story('the last look is after the claim: what changes between claim and start is seen', async (town) => {
    const ops = town.chat(GROUP);
    for (const change of [async () => town.swaps(swapped), () => town.admits(withoutBob)]) {
      const runId = await approved(town);
      const claimed = await town.worker().claims();
      await change();
      if (claimed === undefined) throw new Error('there was nothing to claim');
      expect((await town.worker().begins(claimed)).start).toEqual({
        kind: 'nothing',
        why: 'AwaitingApproval',
      });
      const after = await town.run(runId);
      expect(after).toMatchObject({ status: 'AwaitingApproval', because: 'voided', epoch: 2, votes: [] });
      expect(await ops.card(runId)).toContain(`digest ${after.digest.slice(0, 6)}`);
      await town.chat('telegram:41').says('ana', `cancel ${runId}`);
    }
  });

  story(
    'an approval is a person’s, not an account’s: no second account of whoever asked approves, and nobody counts twice',
    async (town) => {
      const owner = { roles: ['owner'], timezone: 'UTC' };
      await town.admits(residents.map((one) => (one.id === 'ana' ? { ...one, ...owner } : one)));
      const light = await town.chat(GROUP).asks('ana', 'run backup');
      const own = [town.chat('dev:ops'), town.chat('terminal:chat'), town.chat('telegram:41')];
      const others = 'You asked for this run, so someone else must approve it (1 of Bob, Cho).';
      for (const chat of own) {
        await chat.says('ana', `yes ${light}`);
        expect((await chat.hears()).at(-1)).toBe(others);
      }
      expect(await town.events(light)).toEqual(['RunCreated', 'ApprovalRequested']);
      const heavy = await town.chat(GROUP).asks('ana', 'run db-migrate to=1');
      await town.chat(GROUP).says('bob', `yes ${heavy}`);
      for (const address of ['dev:ops', 'terminal:chat', 'telegram:42']) {
        await town.chat(address).says('bob', `yes ${heavy}`);
      }
      expect(await town.run(heavy)).toMatchObject({ status: 'AwaitingApproval', votes: [{ name: 'Bob' }] });
    },
  );

  story(
    'a job that left the catalog is finished by whoever asked before, and can be asked for no more',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await approved(town);
      await town.lists(jobs.filter(({ key }) => key !== 'backup'));
      await (await town.worker().takes()).succeeds();
      expect((await town.run(runId)).status).toBe('Succeeded');
      await ops.hears();
      await ops.presses('ana', 'Run again');
      await ops.says('ana', 'run backup');
      expect(await ops.hears()).toEqual([
        'There is no job called "backup" any more.',
        expect.stringContaining('No job called "backup".'),
      ]);
    },
  );
});
