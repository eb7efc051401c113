import { describe, expect, test } from 'vitest';
import { grouped } from '../../src/db/commit/group.ts';
import { StoreFault } from '../../src/db/fault.ts';
import { recentRead } from '../../src/db/recent.ts';
import { sharedRead } from '../../src/db/shared-read.ts';
import { dice } from '../contracts/dice.ts';

/** A transaction that ends when the test says so, and keeps what it was given. */
const transactions = () => {
  const batches: (readonly number[])[] = [];
  const endings: (() => void)[] = [];
  return {
    batches,
    run: async (items: readonly number[]): Promise<readonly number[]> => {
      batches.push(items);
      await new Promise<void>((end) => endings.push(end));
      return items.map((item) => item * 10);
    },
    end: (): void => endings.shift()?.(),
  };
};

/** Until everybody who could go on has gone on. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((go) => void setImmediate(go));
};

const impossible = (item: number) => new Error(`impossible ${item}`);

/** Refuses some items, in company and alone. */
const refusing = (refused: readonly number[], fault = impossible) => {
  const batches: (readonly number[])[] = [];
  const run = async (items: readonly number[]): Promise<readonly number[]> => {
    batches.push(items);
    const bad = items.find((item) => refused.includes(item));
    if (bad !== undefined) throw fault(bad);
    return items.map((item) => item * 10);
  };
  return { batches, commit: grouped(run, 100) };
};

describe('a group', () => {
  test('is whoever came while a transaction was under way, and each gets their own answers', async () => {
    const { batches, run, end } = transactions();
    const commit = grouped(run, 100);
    const first = commit([1]);
    await settled();
    const others = [commit([2, 3]), commit([]), commit([4])];
    await settled();
    expect(batches).toEqual([[1]]);
    end();
    await settled();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    end();
    expect(await Promise.all([first, ...others])).toEqual([[10], [20, 30], [], [40]]);
  });

  test('is never larger than allowed, and one who brings more goes alone', async () => {
    const { batches, run, end } = transactions();
    const commit = grouped(run, 3);
    const all = [[1, 2], [3], [4], [5, 6, 7, 8], [9]].map((items) => commit(items));
    for (let turn = 0; turn < 4; turn += 1) {
      await settled();
      end();
    }
    expect((await Promise.all(all)).flat()).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(batches).toEqual([[1, 2, 3], [4], [5, 6, 7, 8], [9]]);
  });

  test('waits for nobody: one that is alone begins at once', async () => {
    const { batches, run, end } = transactions();
    const only = grouped(run, 100)([1]);
    await settled();
    expect(batches).toEqual([[1]]);
    end();
    expect(await only).toEqual([10]);
  });

  test('answers in order whatever comes together', async () => {
    const roll = dice(5);
    const commit = grouped(async (items: readonly number[]) => items.map((item) => -item), 7);
    let next = 0;
    const asked = Array.from({ length: 60 }, () => Array.from({ length: roll.below(6) }, () => (next += 1)));
    const answers = await Promise.all(
      asked.map(async (items) => {
        for (let turn = roll.below(4); turn > 0; turn -= 1) await settled();
        return commit(items);
      }),
    );
    expect(answers).toEqual(asked.map((items) => items.map((item) => -item)));
  });
});

describe('when a group fails', () => {
  test('everybody is tried alone, and only the impossible one falls', async () => {
    const { batches, commit } = refusing([2]);
    const answers = await Promise.allSettled([commit([1]), commit([2]), commit([3])]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(answers).toMatchObject([{ value: [10] }, { reason: impossible(2) }, { value: [30] }]);
  });

  test('one who brought several hears of the first that falls, after all were tried', async () => {
    const { batches, commit } = refusing([2, 4]);
    await expect(commit([1, 2, 3, 4])).rejects.toThrow('impossible 2');
    expect(batches).toEqual([[1, 2, 3, 4], [1], [2], [3], [4]]);
  });

  test('whoever comes later is not touched by it', async () => {
    const { commit } = refusing([1]);
    await expect(commit([1])).rejects.toThrow('impossible 1');
    expect(await commit([2])).toEqual([20]);
  });

  test.each(['busy', 'serialization', 'connection', 'full'] as const)(
    'because the database is %s, nobody is tried alone',
    async (fault) => {
      const { batches, commit } = refusing([2], () => new StoreFault(fault, new Error('away')));
      const answers = await Promise.allSettled([commit([1]), commit([2])]);
      expect(batches).toEqual([[1, 2]]);
      expect(answers).toMatchObject([{ reason: { fault } }, { reason: { fault } }]);
    },
  );

  test.each(['unique', 'other'] as const)(
    'by a fault that is %s, it may be about one of them',
    async (fault) => {
      const { batches, commit } = refusing([2], () => new StoreFault(fault, new Error('no')));
      const answers = await Promise.allSettled([commit([1]), commit([2])]);
      expect(batches).toEqual([[1, 2], [1], [2]]);
      expect(answers).toMatchObject([{ value: [10] }, { reason: { fault } }]);
    },
  );
});

describe('a look that many share', () => {
  test('asks for each key once, and tells who is not there', async () => {
    const asked: (readonly string[])[] = [];
    const look = sharedRead(async (keys: readonly string[]) => {
      asked.push(keys);
      return new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()]));
    });
    const found = await Promise.all([look(['a', 'b']), look(['b', 'nobody', 'a']), look([])]);
    expect(found).toEqual([['A', 'B'], ['B', undefined, 'A'], []]);
    expect(asked).toEqual([['a', 'b', 'nobody']]);
  });

  test('is never one that began before the question', async () => {
    let stored = 'old';
    const waiting: (() => void)[] = [];
    const look = sharedRead(async (keys: readonly string[]) => {
      const seen = stored;
      await new Promise<void>((go) => waiting.push(go));
      return new Map(keys.map((key) => [key, seen]));
    });
    const before = look(['a']);
    await settled();
    stored = 'new';
    const after = look(['a']);
    waiting.shift()?.();
    await settled();
    waiting.shift()?.();
    expect(await before).toEqual(['old']);
    expect(await after).toEqual(['new']);
  });
});

describe('a look that is remembered', () => {
  const HOUR_MS = 3_600_000;

  test('serves whoever asks, until it is forgotten', async () => {
    let looks = 0;
    const { recent, forget } = recentRead(HOUR_MS, async () => (looks += 1));
    expect(await Promise.all([recent(), recent()])).toEqual([1, 1]);
    expect(await recent()).toBe(1);
    forget();
    expect(await recent()).toBe(2);
  });

  test('that was forgotten while it was under way is not remembered when it comes', async () => {
    const answers: ((value: string) => void)[] = [];
    const { recent, forget } = recentRead(HOUR_MS, () => new Promise<string>((tell) => answers.push(tell)));
    const before = recent();
    forget();
    const after = recent();
    answers[1]?.('new');
    answers[0]?.('old');
    expect(await Promise.all([before, after, recent()])).toEqual(['old', 'new', 'new']);
    expect(answers).toHaveLength(2);
  });

  test('is none when it failed: the next one asks again', async () => {
    let looks = 0;
    const { recent } = recentRead(HOUR_MS, async () => {
      looks += 1;
      if (looks === 1) throw new Error('away');
      return looks;
    });
    await expect(recent()).rejects.toThrow('away');
    expect(await recent()).toBe(2);
  });

  test('is old at once when it may have no age', async () => {
    let looks = 0;
    const { recent } = recentRead(0, async () => (looks += 1));
    await recent();
    expect(await recent()).toBe(2);
  });
});
