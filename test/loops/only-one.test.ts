import { describe, expect, it, onTestFinished } from 'vitest';
import type { ILeases, SoleWork } from '../../src/core/ports/leases.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import { openStore } from '../../src/db/open.ts';
import { type OnlyOneParts, onlyOneOf } from '../../src/loops/only-one.ts';
import { eventually } from '../bot/eventually.ts';

const times = { leaseMs: 60, renewMs: 15, giveUpMs: 40, lookMs: 2 };

/** A town in which time stands still unless somebody moves it, and what its processes did, in order. */
const setUp = async () => {
  const clock = { at: 1000 };
  const store = await openStore({ url: ':memory:', clock: () => clock.at });
  onTestFinished(() => store.close());
  const diary: string[] = [];
  const observations: Observation[] = [];
  const gone = new Set<string>();
  const hanging = new Set<() => void>();
  /** Leases that answer only as long as they are told to. */
  const weak = () => {
    const line = { holds: true };
    const take: ILeases['take'] = (p) =>
      line.holds
        ? store.leases.take(p)
        : new Promise((_, reject) => {
            hanging.add(() => reject(new Error('no answer')));
          });
    return { line, leases: { ...store.leases, take } };
  };
  /** One process: it does its work as long as it may. */
  const process = (holder: string, over: Partial<OnlyOneParts> = {}, work: Partial<SoleWork> = {}) => {
    const waits: string[] = [];
    const running = onlyOneOf({
      leases: store.leases,
      now: () => store.now(),
      holder,
      place: `place of ${holder}`,
      isGone: (place) => gone.has(place),
      onGone: (dead) => {
        diary.push(`${holder} inherits from ${dead}`);
        return Promise.resolve();
      },
      observe: (observation) => observations.push(observation),
      clock: () => clock.at,
      times,
      ...over,
    })({
      name: 'ticks',
      start: () => {
        diary.push(`${holder} begins`);
        return {
          stop: () => {
            diary.push(`${holder} ends`);
            return Promise.resolve();
          },
        };
      },
      onWait: (other = 'nobody') => void (waits.at(-1) === other || waits.push(other)),
      ...work,
    });
    onTestFinished(() => {
      for (const end of hanging) end();
      return running.stop();
    });
    return { ...running, waits };
  };
  const lease = async () => (await store.leases.list())[0];
  return { clock, store, diary, observations, gone, weak, process, lease };
};

describe('work that one process at a time does', () => {
  it('is done by one; another waits, knows who does it, and begins when that one ends', async () => {
    const { process, diary, lease } = await setUp();
    const first = process('ana');
    await eventually(() => diary.length === 1);
    const second = process('bob');
    await eventually(() => second.waits.length === 1);
    expect(second.waits).toEqual(['ana']);
    await first.stop();
    await eventually(() => diary.length === 3);
    expect(diary).toEqual(['ana begins', 'ana ends', 'bob begins']);
    expect(await lease()).toMatchObject({ holder: 'bob', fence: 2 });
  });

  it('keeps its lease for as long as it goes on', async () => {
    const { process, diary, clock, lease, observations } = await setUp();
    process('ana');
    const { waits } = process('bob');
    await eventually(() => diary.length === 1 && waits.length === 1);
    for (let turn = 0; turn < 10; turn += 1) {
      clock.at += times.renewMs;
      await eventually(async () => (await lease())?.until === clock.at + times.leaseMs);
    }
    expect(diary).toEqual(['ana begins']);
    expect(await lease()).toMatchObject({ holder: 'ana', fence: 1, since: 1000 });
    expect(observations).toEqual([{ kind: 'leader_changed', work: 'ticks', state: 'gained', fence: 1 }]);
  });

  it('ends when its lease is not confirmed, before another process may begin', async () => {
    const { process, diary, clock, weak, observations } = await setUp();
    const { line, leases } = weak();
    const first = process('ana', { leases });
    await eventually(() => diary.length === 1);
    process('bob');
    line.holds = false;
    clock.at += times.giveUpMs;
    await eventually(() => diary.length === 2);
    expect(first.waits).toEqual(['nobody']);
    clock.at += times.leaseMs - times.giveUpMs;
    await eventually(() => diary.length === 3);
    expect(diary).toEqual(['ana begins', 'ana ends', 'bob begins']);
    expect(observations).toContainEqual({ kind: 'leader_changed', work: 'ticks', state: 'lost', fence: 1 });
  });

  it('ends at once when somebody else has the lease by now, as after a long sleep', async () => {
    const { process, diary, clock, weak } = await setUp();
    // A process that was stopped in its tracks: neither its renewals nor its own watch run.
    const clocks = { ana: clock.at };
    const { line, leases } = weak();
    const first = process('ana', { leases, clock: () => clocks.ana });
    await eventually(() => diary.length === 1);
    line.holds = false;
    clock.at += times.leaseMs;
    process('bob');
    await eventually(() => diary.length === 2);
    line.holds = true;
    // By its own clock it is time to renew, and not yet to give up.
    clocks.ana += times.renewMs;
    await eventually(() => diary.length === 3);
    expect(diary).toEqual(['ana begins', 'bob begins', 'ana ends']);
    expect(first.waits).toEqual(['bob']);
  });

  it('is inherited before its time from a process that is known to be gone', async () => {
    const { process, diary, gone, store, clock } = await setUp();
    const left = { name: 'ticks', holder: 'ana', place: 'place of ana', at: clock.at, until: clock.at + 60 };
    await store.leases.take(left);
    const second = process('bob');
    await eventually(() => second.waits.length === 1);
    gone.add('place of ana');
    await eventually(() => diary.length === 2);
    expect(diary).toEqual(['bob inherits from ana', 'bob begins']);
  });

  it('can be resigned: another process does it, and this one never again', async () => {
    const { process, diary } = await setUp();
    let resign: () => void = () => undefined;
    process(
      'ana',
      {},
      {
        start: (giveUp) => {
          diary.push('ana begins');
          resign = giveUp;
          return { stop: () => Promise.resolve() };
        },
      },
    );
    await eventually(() => diary.length === 1);
    resign();
    const second = process('bob');
    await eventually(() => diary.length === 2);
    await second.stop();
    process('cho');
    await eventually(() => diary.length === 4);
    expect(diary).toEqual(['ana begins', 'bob begins', 'bob ends', 'cho begins']);
  });

  it('begins anew only when its end is over', async () => {
    const { process, diary, clock, store, observations } = await setUp();
    let broken = false;
    const take: ILeases['take'] = (p) =>
      broken ? Promise.reject(new Error('database is locked')) : store.leases.take(p);
    let finish: () => void = () => undefined;
    const start = () => {
      diary.push('begins');
      return {
        stop: () =>
          new Promise<void>((resolve) => {
            finish = () => {
              diary.push('ends');
              resolve();
            };
          }),
      };
    };
    const running = process('ana', { leases: { ...store.leases, take } }, { start });
    await eventually(() => diary.length === 1);
    broken = true;
    clock.at += times.giveUpMs;
    await eventually(() => observations.some((one) => one.kind === 'leader_changed' && one.state === 'lost'));
    broken = false;
    clock.at += times.leaseMs;
    await eventually(async () => (await store.leases.list())[0]?.fence === 2);
    expect(diary).toEqual(['begins']);
    finish();
    await eventually(() => diary.length === 3);
    expect(diary).toEqual(['begins', 'ends', 'begins']);
    const over = running.stop();
    finish();
    await over;
  });

  it('does not begin any more once it was stopped, and gives back what it just got', async () => {
    const { process, diary, store, lease } = await setUp();
    let answer: () => void = () => undefined;
    const take: ILeases['take'] = async (p) => {
      const taken = await store.leases.take(p);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return taken;
    };
    const running = process('ana', { leases: { ...store.leases, take } });
    await eventually(async () => (await lease())?.holder === 'ana');
    const over = running.stop();
    answer();
    await over;
    expect(diary).toEqual([]);
    expect(await lease()).toMatchObject({ holder: 'ana', until: 0 });
  });

  it('survives a fault of the database, and an end that fails', async () => {
    const { process, diary, store, observations } = await setUp();
    let faults = 2;
    const take: ILeases['take'] = (p) => {
      faults -= 1;
      return faults < 0 ? store.leases.take(p) : Promise.reject(new Error('database is locked'));
    };
    const start = () => {
      diary.push('begins');
      return { stop: () => Promise.reject(new Error('boom')) };
    };
    const running = process('ana', { leases: { ...store.leases, take } }, { start });
    await eventually(() => diary.length === 1);
    await running.stop();
    const loops = observations.flatMap((one) => (one.kind === 'loop_faulted' ? [one.loop] : []));
    expect(loops).toEqual(['lease ticks', 'lease ticks', 'ticks']);
  });
});
