import { expect } from 'vitest';
import { startAttempt } from '../../src/core/flows/runs/attempt.ts';
import { dryRunOf, recordPreview } from '../../src/core/flows/runs/preview.ts';
import type { ExecutionOutcome } from '../../src/core/ports/executor.ts';
import { careful, carefulMigrate } from '../cast.ts';
import { jobs } from './residents.ts';
import { LEASE_MS, onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const withPreviews = [...jobs, careful, carefulMigrate].map(({ key, spec }) => ({ key, spec }));

const planned = (wrote: string): ExecutionOutcome => ({
  kind: 'succeeded',
  summary: 'would change 3 tables',
  output: { head: wrote, tail: '', bytes: wrote.length, sha256: wrote.length.toString(16).padStart(64, '0') },
});

const PLAN = planned('alter orders\nalter items\n');

const ASKED = 'Preview: a worker is asked for it; Approve comes with its result.';

/** A worker takes what is due, a dry run, and comes back with this. */
const previews = async (town: Town, outcome: ExecutionOutcome = PLAN): Promise<string> => {
  const claimed = await town.worker().claims();
  if (claimed === undefined) throw new Error('no dry run is due');
  expect(claimed.entry.attempt).toBe(0);
  return recordPreview(town.rooms, 'w1')(claimed, outcome);
};

const starts = async (town: Town, outcome?: ExecutionOutcome) => {
  const claimed = await town.worker().claims();
  if (claimed === undefined) throw new Error('nothing is due');
  return startAttempt(town.rooms, 'w1')(claimed, undefined, outcome && dryRunOf(outcome));
};

onEveryStore((tell) => {
  const story = (title: string, proof: (town: Town) => Promise<void>): void =>
    tell(title, async (town) => {
      await town.lists(withPreviews);
      await proof(town);
    });

  story('nobody can approve before the card shows what the job would do', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    const first = await ops.card(runId);
    expect(first).toContain(ASKED);
    expect(await ops.labels()).toEqual(['Deny', 'Details']);
    await ops.says('bob', `yes ${runId}`);
    expect((await ops.hears()).at(-1)).toBe(
      `${runId} (careful) is being previewed; answer when its card shows what it would do. Nothing changed.`,
    );

    expect(await previews(town)).toBe('recorded');
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested', 'PreviewRecorded']);
    expect((await ops.hears()).at(-1)).toContain(`careful (${runId}) can be decided: its preview is there.`);
    const second = await ops.card(runId);
    expect(second).toContain('Preview: would change 3 tables\n  alter orders\n  alter items');
    expect(await ops.labels()).toContain('Approve');
    await ops.says('ana', `log ${runId}`);
    expect((await ops.hears()).at(-1)).toContain('25 bytes in all, preview');

    await ops.says('bob', `yes ${runId}`);
    const { start } = await town.worker().takes();
    expect(start).toMatchObject({ kind: 'start', run: { status: 'Running', attempt: 1 } });
  });

  story('why names the pause that holds up a preview', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    await ops.says('ana', 'pause careful the copy is being made');
    await ops.says('ana', `why ${runId}`);
    const why = (await ops.hears()).at(-1);
    expect(why).toContain('A worker previews it first; nobody can approve before.');
    expect(why).toContain('careful is paused by Ana since');
    await ops.says('ana', 'unpause careful');
    await ops.says('ana', `why ${runId}`);
    expect((await ops.hears()).at(-1)).not.toContain('paused');
  });

  story('a preview that fails is shown as such, and people decide all the same', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    const { output } = PLAN;
    await previews(town, { kind: 'failed', reason: 'exit', summary: 'exit code 3', exitCode: 3, output });
    expect(await ops.card(runId)).toContain('Preview FAILED: exit code 3');
    await ops.says('bob', `yes ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Dispatching' });
  });

  story('a no, a cancel and the deadline do not wait for a preview, and end it', async (town) => {
    const ops = town.chat(GROUP);
    const [denied, canceled, expired] = [
      await ops.asks('ana', 'run careful'),
      await ops.asks('ana', 'run careful'),
      await ops.asks('ana', 'run careful'),
    ];
    const claimed = await town.worker().claims();
    await ops.says('bob', `no ${denied}`);
    await ops.says('ana', `cancel ${canceled}`);
    town.passes(31 * 60_000);
    await town.keepsHouse();
    expect(await town.run(denied)).toMatchObject({ status: 'Denied' });
    expect(await town.run(canceled)).toMatchObject({ status: 'Canceled' });
    expect(await town.run(expired)).toMatchObject({ status: 'Expired' });
    expect(await town.worker().claims()).toBeUndefined();
    if (claimed !== undefined) expect(await recordPreview(town.rooms, 'w1')(claimed, PLAN)).toBe('refused');
    expect(await town.events(denied)).not.toContain('PreviewRecorded');
  });

  story('a worker that dies over a preview leaves it to the next one', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    const lost = await town.worker('w2').claims();
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(await previews(town)).toBe('recorded');
    if (lost !== undefined) expect(await recordPreview(town.rooms, 'w2')(lost, PLAN)).toBe('refused');
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', preview: { ok: true } });
  });

  story('a heavy run whose preview says something else at its start asks again', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful-migrate to=0042');
    const approved = async (): Promise<void> => {
      await previews(town);
      await ops.says('bob', `yes ${runId}`);
      await ops.says('cho', `yes ${runId}`);
      await town.store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 1, at: town.now() });
      await ops.says('ana', `resume ${runId}`);
    };
    await approved();
    expect(await starts(town, planned('alter orders\ndrop customers\n'))).toEqual({
      kind: 'nothing',
      why: 'AwaitingApproval',
    });
    expect(await town.run(runId)).toMatchObject({ because: 'voided', epoch: 2, votes: [] });
    expect((await ops.hears()).join('\n')).toContain(
      `What careful-migrate would do is no longer what its preview showed (${runId}), so the approval is void. Nothing ran.`,
    );

    await approved();
    expect(await starts(town)).toMatchObject({ kind: 'nothing' });
    await approved();
    expect(await starts(town, PLAN)).toMatchObject({ kind: 'start' });
  });

  story(
    'a preview that is due while everything is frozen waits, and its card says for whom',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.says('cho', 'freeze incident');
      const runId = await ops.asks('ana', 'run careful');
      const frozen =
        'Preview: none begins while everything is frozen (set by Cho; /unfreeze); Approve comes with its result.';
      expect(await ops.card(runId)).toContain(frozen);
      expect(await town.worker().claims()).toBeUndefined();

      await ops.says('bob', 'unfreeze');
      expect(await ops.card(runId)).toContain(ASKED);
      expect(await previews(town)).toBe('recorded');
      await ops.says('bob', `yes ${runId}`);
      expect(await town.run(runId)).toMatchObject({ status: 'Dispatching' });
    },
  );

  story('a freeze lets the preview that runs end, and nobody decide on it before its end', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    const claimed = await town.worker().claims();
    if (claimed === undefined) throw new Error('no dry run is due');
    await ops.says('cho', 'freeze incident');
    expect(await ops.card(runId)).toContain('Preview: none begins while everything is frozen');
    expect(await recordPreview(town.rooms, 'w1')(claimed, PLAN)).toBe('recorded');
    expect(await ops.card(runId)).toContain('Preview: would change 3 tables');
    await ops.says('bob', `yes ${runId}`);
    expect((await ops.hears()).at(-1)).toMatch(/^Frozen by Cho 12:00 UTC: "incident"/);
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', votes: [] });

    await ops.says('bob', 'unfreeze');
    expect(await ops.card(runId)).toContain('Preview: would change 3 tables\n  alter orders');
    expect(await ops.labels()).toContain('Approve');
    await ops.says('bob', `yes ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Dispatching' });
  });

  story('a freeze that comes with the result of a preview does not hide it for good', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    town.meanwhile(async () => expect(await previews(town)).toBe('recorded'));
    await ops.says('cho', 'freeze incident');
    await ops.says('bob', 'unfreeze');
    expect(await ops.card(runId)).toContain('Preview: would change 3 tables');
    expect(await ops.labels()).toContain('Approve');
  });

  story('a freeze during the dry run at a heavy start starts nothing, and it is made again', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful-migrate to=0042');
    await previews(town);
    await ops.says('bob', `yes ${runId}`);
    await ops.says('cho', `yes ${runId}`);
    await town.worker().beats();
    await ops.says('ana', `resume ${runId}`);
    const claimed = await town.worker().claims();
    if (claimed === undefined) throw new Error('nothing is due');
    await ops.says('cho', 'freeze incident');
    expect(await startAttempt(town.rooms, 'w1')(claimed, undefined, dryRunOf(PLAN))).toEqual({
      kind: 'nothing',
      why: 'frozen',
    });
    expect(await town.run(runId)).toMatchObject({ status: 'Dispatching' });
    await ops.says('bob', 'unfreeze');
    expect(await starts(town, PLAN)).toMatchObject({ kind: 'start' });
  });

  story('a question whose preview a freeze held up for too long expires, and says so', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run careful');
    await ops.says('cho', 'freeze incident');
    town.passes(31 * 60_000);
    await town.keepsHouse();
    expect(await town.run(runId)).toMatchObject({ status: 'Expired' });
    expect(await ops.card(runId)).toContain('no worker previewed it in 30 min');
    await ops.says('bob', 'unfreeze');
    expect(await town.worker().claims()).toBeUndefined();
  });
});
