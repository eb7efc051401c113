import { expect } from 'vitest';
import { askSelfTest, hindrance } from '../../src/core/flows/ops/self-test.ts';
import { asker } from '../../src/core/text/cards/run-words.ts';
import { runView } from '../../src/web/api/run-view.ts';
import { onEveryStore, type Town } from './town.ts';

const asked = async (town: Town): Promise<string> => {
  const answer = await askSelfTest(town.rooms);
  if (answer.kind !== 'asked') throw new Error(answer.because);
  return answer.runId;
};

onEveryStore((story) => {
  story('the self-test goes through queue, worker and history, and rings nowhere', async (town) => {
    const runId = await asked(town);
    await (await town.worker().takes()).succeeds('done');
    expect(await town.run(runId)).toMatchObject({ status: 'Succeeded', requester: { kind: 'system' } });
    const history = await town.store.runs.history(runId);
    expect(history.map(({ type, actor }) => [type, actor])).toEqual([
      ['RunCreated', 'system:selftest'],
      ['RunApproved', 'policy:selftest'],
      ['ExecutionDispatched', 'system'],
      ['ExecutionStarted', 'worker:w1'],
      ['ExecutionSucceeded', 'worker:w1'],
    ]);
    expect(await town.rings()).toEqual([]);
    expect(runView(await town.run(runId))).toMatchObject({
      requestedBy: 'selftest',
      requestedByAddress: 'system:selftest',
    });
    expect((await town.store.runs.list({ limit: 9, requesterId: 'system:selftest' })).runs).toHaveLength(1);
    expect(asker(await town.run(runId))).toBe('TextOps itself');
    // Owners are asked for their word only where a job of theirs would run.
    expect(town.seen('never_policy_used')).toEqual([]);
  });

  story('the self-test is listed nowhere, and nobody gets it by its name', async (town) => {
    await asked(town);
    const ops = town.chat('telegram:-100');
    await ops.says('ana', 'run textops.selftest');
    await ops.says('ana', 'jobs');
    const heard = await ops.hears();
    expect(heard[0]).toBe('No job called "textops.selftest". 6 jobs exist: /jobs');
    expect(heard[1]).not.toContain('selftest');
    expect((await town.store.runs.list({ limit: 9 })).runs).toHaveLength(1);
  });

  story(
    'the self-test is asked for by nobody in the dev profile either, where other names make a job',
    async (town) => {
      const door = town.chat('dev:ops');
      expect(await door.says('ana', 'run textops.selftest')).not.toHaveProperty('runId');
      expect(await door.says('ana', 'run textops')).toHaveProperty('runId');
    },
    { profile: 'dev' },
  );

  story('a self-test is not asked for while somebody has stopped the queue, and says who', async (town) => {
    const ops = town.chat('telegram:-100');
    expect(await hindrance(town.rooms)).toBeUndefined();
    await ops.says('cho', '/freeze release weekend');
    expect(await askSelfTest(town.rooms)).toEqual({
      kind: 'hindered',
      because: 'everything is frozen by Cho: release weekend',
    });
    await ops.says('cho', '/unfreeze');
    await ops.says('ana', '/pause queue');
    expect(await hindrance(town.rooms)).toBe('the queue is paused by Ana');
    expect((await town.store.runs.list({ limit: 9 })).runs).toEqual([]);
  });

  story('a freeze that comes between the look and the request leaves no run behind', async (town) => {
    town.meanwhile(() => town.chat('telegram:-100').says('cho', '/freeze now'));
    expect(await askSelfTest(town.rooms)).toMatchObject({ kind: 'hindered' });
    expect((await town.store.runs.list({ limit: 9 })).runs).toEqual([]);
  });
});
