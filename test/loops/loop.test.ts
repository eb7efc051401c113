import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { startLoop } from '../../src/loops/loop.ts';
import { within } from '../../src/loops/rest.ts';
import { eventually } from '../bot/eventually.ts';

const counted = (
  idleMs: number,
  tick: (ticks: number) => Promise<'busy' | 'idle'>,
  owed?: () => Promise<boolean>,
) => {
  const observations: Observation[] = [];
  let ticks = 0;
  const loop = startLoop({
    name: 'test',
    idleMs,
    ...(owed === undefined ? {} : { owed }),
    observe: (observation) => observations.push(observation),
    tick: () => {
      ticks += 1;
      return tick(ticks);
    },
  });
  return { loop, observations, ticks: () => ticks };
};

describe('a loop', () => {
  it('goes on at once while it is busy, rests when idle, and wakes when nudged', async () => {
    const { loop, ticks } = counted(60_000, (tick) => Promise.resolve(tick < 5 ? 'busy' : 'idle'));
    await eventually(() => ticks() === 5);
    loop.nudge();
    await eventually(() => ticks() === 6);
    await loop.stop();
    expect(ticks()).toBe(6);
  });

  it('notices a nudge that comes while it works', async () => {
    let release: (() => void) | undefined;
    const { loop, ticks } = counted(60_000, async (tick) => {
      if (tick === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return 'idle';
    });
    const goOn = await eventually(() => release);
    loop.nudge();
    goOn();
    await eventually(() => ticks() === 2);
    await loop.stop();
  });

  it('notes a fault and rests, however often it was nudged', async () => {
    const { loop, ticks, observations } = counted(60_000, () => Promise.reject(new Error('boom')));
    loop.nudge();
    await eventually(() => observations.length === 1);
    expect(observations).toMatchObject([{ kind: 'loop_faulted', loop: 'test' }]);
    loop.nudge();
    await loop.stop();
    expect(ticks()).toBe(1);
  });

  it('goes on after faults', async () => {
    const { loop, ticks, observations } = counted(1, (tick) =>
      tick <= 2 ? Promise.reject(new Error('connection refused')) : Promise.resolve('idle'),
    );
    await eventually(() => ticks() >= 4);
    await loop.stop();
    expect(observations).toMatchObject([{ kind: 'loop_faulted' }, { kind: 'loop_faulted' }]);
  });

  it('stops after the tick under way, at once when idle, and twice without harm', async () => {
    const { loop, ticks } = counted(60_000, () => Promise.resolve('idle'));
    await eventually(() => ticks() === 1);
    await loop.stop();
    await loop.stop();
    expect(ticks()).toBe(1);
  });

  it('asks before a tick that nobody called for, and spares it when nothing is owed', async () => {
    let asked = 0;
    let isOwed = false;
    const { loop, ticks } = counted(
      1,
      () => Promise.resolve('idle'),
      async () => {
        asked += 1;
        return isOwed;
      },
    );
    await eventually(() => asked >= 3);
    expect(ticks()).toBe(1);
    isOwed = true;
    await eventually(() => ticks() >= 2);
    await loop.stop();
  });

  it('ticks without asking when it is nudged', async () => {
    let asked = 0;
    const { loop, ticks } = counted(
      60_000,
      () => Promise.resolve('idle'),
      async () => {
        asked += 1;
        return false;
      },
    );
    await eventually(() => ticks() === 1);
    loop.nudge();
    await eventually(() => ticks() === 2);
    await loop.stop();
    expect(asked).toBe(0);
  });

  it('notes a look that fails like a tick that fails', async () => {
    const away = () => Promise.reject(new Error('connection refused'));
    const { loop, observations } = counted(1, () => Promise.resolve('idle'), away);
    await eventually(() => observations.length === 1);
    await loop.stop();
    expect(observations).toMatchObject([{ kind: 'loop_faulted', loop: 'test' }]);
  });
});

describe('a deadline', () => {
  it('tells whether the work ended before it, and does not mind how', async () => {
    expect(await within(1000, Promise.resolve())).toBe(true);
    expect(await within(1000, Promise.reject(new Error('boom')))).toBe(true);
    expect(await within(5, new Promise(() => undefined))).toBe(false);
  });
});
