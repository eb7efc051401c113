import { describe, expect, test } from 'vitest';
import { currentScope, workingOn } from '../../../src/loops/scope.ts';
import { replaceClockwork } from './clockwork.ts';
import { diceOf } from './dice.ts';
import { NOBODY, type Owner, virtualTime } from './virtual-time.ts';

const owner = (name: string): Owner => ({ name, state: 'alive' });

describe('virtual time', () => {
  test('rings in the order of due times, and of planning where these are equal', async () => {
    const time = virtualTime();
    const rang: string[] = [];
    for (const [name, ms] of [
      ['late', 9],
      ['first', 5],
      ['second', 5],
      ['early', 1],
    ] as const) {
      time.after(ms, () => rang.push(`${name} ${time.now()}`));
    }
    await time.pass(100);
    expect(rang).toEqual(['early 1', 'first 5', 'second 5', 'late 9']);
    expect(time.now()).toBe(100);
  });

  test('lets every promise settle before the next act', async () => {
    const time = virtualTime();
    const order: string[] = [];
    time.after(1, () => {
      void Promise.resolve()
        .then(() => order.push('promise of the first'))
        .then(() => order.push('and the one behind it'));
    });
    time.after(1, () => order.push('second'));
    await time.pass(1);
    expect(order).toEqual(['promise of the first', 'and the one behind it', 'second']);
  });

  test('a timer belongs to whoever sets it: of the dead it never rings, of the frozen when they are thawed', async () => {
    const time = virtualTime();
    const [ana, bob] = [owner('ana'), owner('bob')];
    const rang: string[] = [];
    for (const who of [ana, bob])
      time.after(1, () => time.after(10, () => rang.push(`${who.name} ${time.now()}`)), who);
    await time.pass(5);
    ana.state = 'dead';
    bob.state = 'frozen';
    time.after(40, () => time.thaw(bob), NOBODY);
    await time.pass(100);
    expect(rang).toEqual(['bob 45']);
  });

  test('after a leap everything due rings late, and a cancelled timer never', async () => {
    const time = virtualTime();
    const rang: number[] = [];
    time.after(10, () => rang.push(time.now()));
    time.after(20, () => rang.push(-1)).cancelled = true;
    time.leap(1000);
    await time.pass(1000);
    expect(rang).toEqual([1000]);
  });
});

describe('the timers under it', () => {
  test.each(['setTimeout', 'setInterval', 'setImmediate'] as const)(
    '%s rings in the scope of whoever set it, as on the platform',
    async (name) => {
      const time = virtualTime();
      const putBack = replaceClockwork(time, () => 0.5);
      const acting: (string | undefined)[] = [];
      try {
        workingOn({ actor: 'worker:w1' }, () =>
          globalThis[name](() => acting.push(currentScope()?.actor), 5),
        );
        await time.pass(5);
      } finally {
        putBack();
      }
      expect(acting).toEqual(['worker:w1']);
    },
  );
});

describe('dice', () => {
  test('throw the same for the same seed, and something else for another one', () => {
    const throws = (seed: number): readonly number[] => {
      const dice = diceOf(seed);
      return Array.from({ length: 20 }, dice.next);
    };
    expect(throws(7)).toEqual(throws(7));
    expect(throws(7)).not.toEqual(throws(8));
  });

  test('of one concern do not move those of another', () => {
    const [one, other] = [diceOf(7), diceOf(7)];
    for (let count = 0; count < 10; count += 1) one.fork('faults').next();
    expect(one.fork('people').next()).toBe(other.fork('people').next());
  });

  test('never take what has no weight', () => {
    const dice = diceOf(3);
    const taken = Array.from({ length: 200 }, () =>
      dice.weighted([
        [0, 'never'],
        [1, 'now and then'],
        [9, 'often'],
      ] as const),
    );
    expect(new Set(taken)).toEqual(new Set(['now and then', 'often']));
  });
});
