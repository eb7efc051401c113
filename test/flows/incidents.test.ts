import { expect } from 'vitest';
import { incidentChanges, presentProblems } from '../../src/core/flows/ops/keep-incidents.ts';
import { tellIncidents } from '../../src/core/flows/ops/tell-incidents.ts';
import { minutes } from '../cast.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const toldIn = (town: Town, chat: string | undefined = GROUP) =>
  tellIncidents({ store: town.store, house: { ...town.rooms.house, opsChat: () => chat } });

/** What a program writes down every few seconds. */
const notes = async (town: Town): Promise<void> => {
  const changes = incidentChanges(await town.store.incidents.open(), await presentProblems(town.rooms));
  await town.store.incidents.note({ at: town.now(), ...changes });
};

onEveryStore((story) => {
  story(
    'trouble is told once, however many look and however often they start, and so is its end',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run backup');
      await ops.says('bob', `yes ${runId}`);
      await ops.hears();
      town.passes(minutes(1));
      await notes(town);
      const looks = [toldIn(town), toldIn(town)];
      const look = () => Promise.all(looks.map((one) => one()));
      await look();
      expect(await ops.hears()).toEqual([]);
      town.passes(minutes(1));
      await look();
      await look();
      await toldIn(town)();
      expect(await ops.hears()).toEqual(['⚠️ No worker is alive and 1 run waits → textops worker']);
      await town.worker('w1').beats();
      await notes(town);
      await look();
      await toldIn(town)();
      expect(await ops.hears()).toEqual(['✅ Over after 1m: no worker']);
      town.passes(minutes(5));
      await look();
      expect(await ops.hears()).toEqual([]);
    },
  );

  story('a channel is not asked to tell of itself, and another one is', async (town) => {
    const ops = town.chat(GROUP);
    await town.store.incidents.note({
      at: town.now(),
      raised: [
        { kind: 'channel', name: 'telegram' },
        { kind: 'channel', name: 'slack' },
      ],
      cleared: [],
    });
    town.passes(minutes(2));
    await toldIn(town)();
    expect(await ops.hears()).toEqual(['⚠️ Trouble: channel slack → /ops']);
  });

  story('nobody is told anything where no chat is named', async (town) => {
    await town.store.incidents.note({
      at: town.now(),
      raised: [{ kind: 'problem', name: 'failures' }],
      cleared: [],
    });
    town.passes(minutes(2));
    const quiet = tellIncidents({
      store: town.store,
      house: { ...town.rooms.house, opsChat: () => undefined },
    });
    expect(await quiet()).toBe('idle');
    expect(await town.shown()).toEqual([]);
  });
});
