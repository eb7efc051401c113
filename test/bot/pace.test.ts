import { describe, expect, it } from 'vitest';
import { pacerOf } from '../../src/bot/pace.ts';
import { createPauses } from '../../src/bot/pauses.ts';
import type { Pace } from '../../src/core/ports/channel.ts';

const pace: Pace = {
  perConversation: [3, 3000],
  perGroup: [20, 60_000],
  overall: [25, 1000],
  isGroup: (address) => address.startsWith('telegram:-'),
};

/** When each of so many messages goes that are all there at once. */
const slots = (addresses: readonly string[]): readonly number[] => {
  const pacer = pacerOf(pace);
  return addresses.map((address) => {
    const slot = pacer.earliest(address, 0);
    pacer.book(address, slot);
    return slot;
  });
};

const times = (count: number, address: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => address(at));

/** The largest number of moments in any window of this width. */
const most = (moments: readonly number[], ms: number): number =>
  Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));

describe('the pace', () => {
  it('lets three go at once, then one a second on average', () => {
    expect(slots(times(7, () => 'telegram:1'))).toEqual([0, 0, 0, 3000, 3000, 3000, 6000]);
  });

  it('keeps a group at twenty a minute, its topics together', () => {
    const moments = slots(times(45, (at) => `telegram:-1/${at % 3}`));
    expect(most(moments, 60_000)).toBe(20);
    expect(moments.at(-1)).toBeLessThanOrEqual(130_000);
  });

  it('keeps all conversations together at twenty-five a second', () => {
    const moments = slots(times(100, (at) => `telegram:${at}`));
    expect(most(moments, 1000)).toBe(25);
    expect(moments.at(-1)).toBe(3000);
  });

  it('is not felt by who writes rarely, nor on a channel without one', () => {
    const pacer = pacerOf(pace);
    for (const at of [0, 5000, 10_000]) {
      expect(pacer.earliest('telegram:1', at)).toBe(at);
      pacer.book('telegram:1', at);
    }
    const free = pacerOf(undefined);
    for (let at = 0; at < 100; at += 1) free.book('dev:ops', 0);
    expect(free.earliest('dev:ops', 7)).toBe(7);
  });

  it('remembers a bounded number of conversations', () => {
    const pacer = pacerOf(pace);
    for (let chat = 0; chat < 5000; chat += 1) pacer.book(`telegram:${chat}`, chat * 1000);
    expect(pacer.earliest('telegram:1', 5_000_000)).toBe(5_000_000);
  });
});

describe('pauses', () => {
  it('of three conversations within five seconds are the pause of all, as short as the shortest', () => {
    const pauses = createPauses(() => undefined);
    pauses.laneWasPaused('telegram', 'a', 9000, 0);
    pauses.laneWasPaused('telegram', 'b', 8000, 1000);
    pauses.laneWasPaused('telegram', 'b', 8500, 2000);
    expect(pauses.until('telegram', 2000)).toBe(2000);
    pauses.laneWasPaused('telegram', 'c', 20_000, 4999);
    expect(pauses.until('telegram', 5000)).toBe(8500);
    expect(pauses.until('telegram', 9000)).toBe(9000);
    expect(pauses.until('slack', 5000)).toBe(5000);
  });

  it('of conversations one after the other are their own', () => {
    const pauses = createPauses(() => undefined);
    for (const [at, lane] of ['a', 'b', 'c', 'd'].entries()) {
      pauses.laneWasPaused('telegram', lane, 100_000, at * 3000);
    }
    expect(pauses.until('telegram', 9000)).toBe(9000);
  });

  it('of a whole channel are not shortened', () => {
    const pauses = createPauses(() => undefined);
    pauses.pause('telegram', 9000);
    pauses.pause('telegram', 5000);
    expect(pauses.until('telegram', 0)).toBe(9000);
  });
});

describe('a paused channel is a breaker', () => {
  const observed = () => {
    const states: string[] = [];
    const pauses = createPauses((told) => {
      if (told.kind === 'breaker_turned') states.push(`${told.dependency} ${told.state}`);
    });
    return { pauses, states };
  };

  it('open while it waits, half open when it may try, closed when something has arrived', () => {
    const { pauses, states } = observed();
    pauses.pause('telegram', 9000);
    pauses.pause('telegram', 9500);
    // It was on its way when the pause began.
    pauses.reached('telegram');
    expect(pauses.until('telegram', 9499)).toBe(9500);
    expect(states).toEqual(['telegram open']);
    expect(pauses.until('telegram', 9500)).toBe(9500);
    pauses.until('telegram', 9600);
    expect(states).toEqual(['telegram open', 'telegram half_open']);
    pauses.reached('telegram');
    pauses.reached('telegram');
    expect(states).toEqual(['telegram open', 'telegram half_open', 'telegram closed']);
  });

  it('open again when the try was refused', () => {
    const { pauses, states } = observed();
    pauses.pause('slack', 1000);
    pauses.until('slack', 1000);
    pauses.pause('slack', 5000);
    expect(states).toEqual(['slack open', 'slack half_open', 'slack open']);
  });

  it('and nothing is told of one that never paused', () => {
    const { pauses, states } = observed();
    pauses.until('telegram', 1);
    pauses.reached('telegram');
    expect(states).toEqual([]);
  });
});
