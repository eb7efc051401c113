import { expect } from 'vitest';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import type { GateName } from '../../src/core/jobs/feature-gates.ts';
import { residents } from './residents.ts';
import { LEASE_MS, onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const SUBSTRATE = 'queue.job_substrate.enabled';

/** Two who may do what owners may. */
const people = residents.map((one) => (['cho', 'dan'].includes(one.id) ? { ...one, roles: ['owner'] } : one));

/** Whatever a story did to them, the next one finds the gates as an installation has them. */
const asInstalled = async (town: Town): Promise<void> => {
  const states = await town.store.gates.list();
  const wanted: readonly GateName[] = [SUBSTRATE, 'queue.retry.enabled', 'queue.lease_reaper.enabled'];
  await town.store.runs.commit([
    {
      queue: [],
      outbox: [],
      at: town.now(),
      upkeep: states.map(({ name }) => ({
        kind: 'gate' as const,
        name,
        open: wanted.includes(name),
        by: 'system:install',
      })),
    },
  ]);
};

onEveryStore((tell) => {
  const story = (title: string, proof: (town: Town) => Promise<void>): void =>
    tell(
      title,
      async (town) => {
        await asInstalled(town);
        await proof(town);
        await asInstalled(town);
      },
      { people },
    );

  story('everybody sees the gates; only an owner switches one, on record', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', 'gates');
    const [list = ''] = await ops.hears();
    expect(list).toMatch(
      /^3 of 7 gates are open\n🟢 open {3}queue\.job_substrate\.enabled · system:install /,
    );
    expect(list).toContain('⚪ closed queue.notify.bridge_enabled');
    await ops.says('ana', '/gates close queue.retry.enabled');
    await ops.says('cho', '/gates close queue.retry.enabled');
    await ops.says('cho', '/gates close queue.retry.enabled');
    await ops.says('cho', '/gates close queue.retry.enable');
    expect(await ops.hears()).toEqual([
      'Only an owner switches gates. Nothing changed.',
      'queue.retry.enabled is closed now, by Cho. Not any more: a failed or lost attempt may be followed by another one.',
      'queue.retry.enabled is that already. Nothing changed.',
      'No gate called "queue.retry.enable". Did you mean queue.retry.enabled?',
    ]);
    expect(await town.store.runs.history('system')).toMatchObject([
      {
        type: 'GateClosed',
        actor: 'user:telegram:43',
        at: town.now(),
        payload: { gate: 'queue.retry.enabled' },
      },
    ]);
    expect(await town.store.gates.find('queue.retry.enabled')).toEqual({
      name: 'queue.retry.enabled',
      open: false,
      by: 'user:telegram:43',
      at: town.now(),
    });
  });

  story('behind a closed queue nothing is dispatched, claimed or changed', async (town) => {
    const ops = town.chat(GROUP);
    const waiting = await ops.asks('ana', 'run backup');
    const queued = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${queued}`);
    await ops.says('cho', `gates close ${SUBSTRATE}`);
    await ops.hears();
    const before = await town.run(waiting);
    await ops.says('bob', `yes ${waiting}`);
    const refusal =
      'The queue is switched off (job_substrate_disabled), so nothing starts and nothing changed. See /gates';
    expect(await ops.hears()).toEqual([refusal]);
    expect(await town.run(waiting)).toEqual(before);
    expect(await town.worker().claims()).toBeUndefined();
    expect(town.seen('transition_rejected')).toMatchObject([{ why: 'job_substrate_disabled' }]);
    await ops.says('cho', `gates open ${SUBSTRATE}`);
    await ops.says('bob', `yes ${waiting}`);
    expect((await town.worker().takes()).claimed.entry.runId).toBe(queued);
    expect((await town.worker().takes()).claimed.entry.runId).toBe(waiting);
  });

  story('without retries a run has one attempt, and a lost one asks', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('cho', 'gates close queue.retry.enabled');
    const failed = await ops.asks('ana', 'run report');
    await ops.says('bob', `yes ${failed}`);
    await (await town.worker().takes()).fails();
    expect(await town.run(failed)).toMatchObject({ status: 'Failed', attempt: 1 });
    const lost = await ops.asks('ana', 'run report');
    await ops.says('bob', `yes ${lost}`);
    await town.worker().takes();
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(await town.run(lost)).toMatchObject({ status: 'AwaitingApproval', because: 'lost' });
  });

  story('a number for a kind of job bounds what its jobs may ask for', async (town) => {
    const ops = town.chat(GROUP);
    const kind = 'command';
    expect((await town.store.catalog.find('report'))?.spec.target.kind).toBe(kind);
    const open = `gates open queue.retry.max_attempts.${kind} 1`;
    await ops.says('cho', open);
    await ops.says('cho', open);
    await ops.says('dan', open);
    const [first, second, third] = await ops.hears();
    expect(first).toBe(
      'queue.retry.max_attempts.command = 1 is proposed by Cho. ' +
        'Another owner confirms it within a day: /gates open queue.retry.max_attempts.command 1',
    );
    expect(second).toContain('needs a second owner. Nothing changed.');
    expect(third).toContain('queue.retry.max_attempts.command = 1 is open now, by Dan');
    expect((await town.store.runs.history('system')).map(({ type, actor }) => [type, actor])).toEqual([
      ['GateProposed', 'user:telegram:43'],
      ['GateOpened', 'user:telegram:46'],
    ]);
    const runId = await ops.asks('ana', 'run report');
    await ops.says('bob', `yes ${runId}`);
    await (await town.worker().takes()).fails();
    expect(await town.run(runId)).toMatchObject({ status: 'Failed', attempt: 1 });
  });

  story('without the reaper a lost lease stays until somebody recovers it', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('cho', 'gates close queue.lease_reaper.enabled');
    const runId = await ops.asks('ana', 'run report');
    await ops.says('bob', `yes ${runId}`);
    await town.worker().takes();
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(await town.run(runId)).toMatchObject({ status: 'Running' });
    await ops.says('ana', `recover ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Dispatching', attempt: 2 });
  });

  story('what two owners switch at the same time is judged one after the other', async (town) => {
    const ops = town.chat(GROUP);
    await Promise.all([
      ops.says('cho', 'gates close queue.retry.enabled'),
      town.chat('telegram:-200').says('cho', 'gates close queue.retry.enabled'),
    ]);
    expect(await town.store.runs.history('system')).toHaveLength(1);
  });
});

onEveryStore((story) => {
  story('what the installation opened is recorded once, by the first start', async (town) => {
    await asInstalled(town);
    expect(await town.store.gates.unrecorded()).toEqual([]);
    await recordInstalledGates(town.store);
    expect(await town.store.runs.history('system')).toEqual([]);
  });
});
