import { expect, test } from 'vitest';
import { slotsOf } from '../../src/worker/slots.ts';
import { dice } from '../contracts/dice.ts';

interface Guest {
  readonly number: number;
  readonly priority: number;
  readonly gives: AbortController;
}

const settled = (): Promise<void> =>
  new Promise((go) => {
    setImmediate(go);
  });

test.each([1, 2, 3])(
  'places are never more than there are, and nobody is passed over (seed %i)',
  async (seed) => {
    const roll = dice(seed);
    const size = 1 + roll.below(3);
    const slots = slotsOf(size);
    const inside: (() => void)[] = [];
    let waiting: Guest[] = [];
    const admitted: number[] = [];
    const expected: number[] = [];
    let free = size;

    const stays = async ({ number, priority, gives }: Guest): Promise<void> => {
      const leave = await slots.take(priority, gives.signal);
      if (leave === undefined) return;
      admitted.push(number);
      inside.push(leave);
    };
    const comes = (number: number): void => {
      const guest = { number, priority: roll.below(3), gives: new AbortController() };
      if (free > 0) {
        free -= 1;
        expected.push(number);
      } else waiting.push(guest);
      void stays(guest);
    };
    const leaves = (): void => {
      const [leave] = inside.splice(roll.below(inside.length), 1);
      if (leave === undefined) return;
      leave();
      if (roll.isRare()) leave();
      const [next] = waiting.toSorted((a, b) => b.priority - a.priority || a.number - b.number);
      if (next === undefined) free += 1;
      else expected.push(next.number);
      waiting = waiting.filter((one) => one !== next);
    };
    const givesUp = (): void => {
      const one = roll.anyOf(waiting);
      waiting = waiting.filter((each) => each !== one);
      one?.gives.abort();
    };

    for (let n = 0; n < 300; n += 1) {
      const act = roll.below(8);
      if (act < 4) comes(n);
      else if (act < 7) leaves();
      else givesUp();
      await settled();
      expect(admitted).toEqual(expected);
      expect(inside).toHaveLength(size - free);
    }
    expect(admitted.length).toBeGreaterThan(50);
  },
);
