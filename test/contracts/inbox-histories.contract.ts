import { describe, expect } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { type Dice, dice } from './dice.ts';
import { nothing, T0, text } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const LANES = ['a', 'B', 'ä', 'a/1', '_'] as const;
const OWNERS = ['one', 'two'] as const;
/** Times are few, so that they meet. */
const TICK_MS = 10;
const HOLD_MS = 5 * TICK_MS;
const STEPS = 240;

interface Waiting {
  readonly eventKey: string;
  readonly lane: string;
  readonly receivedAt: number;
  owner: string;
  nextAt: number;
  attempts: number;
}

/** What `IInbox` promises, in lists: the oldest of a lane first, and one owner at a time. */
const inboxModel = () => {
  const seen = new Set<string>();
  const open: Waiting[] = [];
  const lose = (one: Waiting): void => void open.splice(open.indexOf(one), 1);
  return {
    open,
    lose,
    accept: (one: Waiting): void => {
      if (!seen.has(one.eventKey)) open.push(one);
      seen.add(one.eventKey);
    },
    claim: (owner: string, busy: readonly string[], at: number): readonly Waiting[] => {
      const heads = [...Map.groupBy(open, ({ lane }) => lane).values()].flatMap(([head]) => head ?? []);
      const mine = heads.filter(
        (one) => !busy.includes(one.lane) && (one.owner === owner || one.nextAt <= at),
      );
      // What is in hand already keeps its end.
      for (const one of mine) if (one.nextAt <= at) Object.assign(one, { owner, nextAt: at + HOLD_MS });
      return mine;
    },
  };
};

const scene = (store: Store, roll: Dice) => {
  const model = inboxModel();
  const numbers = new Map<Waiting, number>();
  let at = T0;
  let dead = 0;
  let key = 0;

  const comes = async (): Promise<void> => {
    key += 1;
    const batch = Array.from({ length: 1 + roll.below(3) }, () => ({
      eventKey: `m${Math.max(0, key - roll.below(4))}`,
      lane: roll.among(LANES),
    }));
    const hold = roll.isRare() ? { owner: roll.among(OWNERS), until: at + HOLD_MS } : undefined;
    for (const one of batch) {
      const [owner, nextAt] = hold === undefined ? ['', at] : [hold.owner, hold.until];
      model.accept({ ...one, receivedAt: at, owner, nextAt, attempts: 0 });
    }
    const inbound = batch.map(({ eventKey, lane }) => text(eventKey, { lane }));
    await store.inbox.accept(inbound, at, hold);
  };

  const claims = async (): Promise<void> => {
    const owner = roll.among(OWNERS);
    const busy = roll.isRare() ? roll.some(LANES) : [];
    const expected = model.claim(owner, busy, at);
    const claimed = await store.inbox.claim({ owner, busy, limit: 10, at, until: at + HOLD_MS });
    const shown = claimed.map(({ inbound, receivedAt, attempts }) => ({
      eventKey: inbound.eventKey,
      receivedAt,
      attempts,
    }));
    const inOrder = model.open.filter((one) => expected.includes(one));
    expect(shown).toEqual(
      inOrder.map(({ eventKey, receivedAt, attempts }) => ({ eventKey, receivedAt, attempts })),
    );
    for (const [index, one] of inOrder.entries()) numbers.set(one, claimed[index]?.inboxId ?? 0);
  };

  const fails = async (one: Waiting | undefined): Promise<void> => {
    if (one === undefined) return;
    const owner = roll.among(OWNERS);
    const again = roll.isRare() ? undefined : at + TICK_MS * roll.below(4);
    if (model.open.includes(one) && one.owner === owner) {
      if (again === undefined) {
        model.lose(one);
        dead += 1;
      } else Object.assign(one, { owner: '', nextAt: again, attempts: one.attempts + 1 });
    }
    await store.inbox.fail({
      inboxId: numbers.get(one) ?? 0,
      owner,
      error: 'boom',
      next: again === undefined ? { kind: 'dead' } : { kind: 'again', at: again },
    });
  };

  const isHandled = async (one: Waiting | undefined): Promise<void> => {
    if (one === undefined) return;
    const isOpen = model.open.includes(one);
    if (isOpen) model.lose(one);
    const mark = { kind: 'mark', inboxId: numbers.get(one) ?? 0 } as const;
    const outcome = await store.runs.commit([{ ...nothing, once: mark, at }]);
    expect(outcome).toEqual([isOpen ? 'committed' : 'seen_before']);
  };

  const leaves = async (): Promise<void> => {
    const owner = roll.among(OWNERS);
    for (const one of model.open) if (one.owner === owner) Object.assign(one, { owner: '', nextAt: at });
    await store.inbox.release(owner, at);
  };

  return {
    step: async (): Promise<void> => {
      at += TICK_MS * roll.below(2);
      const act = roll.below(10);
      if (act < 3) return comes();
      if (act < 6) return claims();
      const one = roll.anyOf([...numbers.keys()]);
      if (act < 8) return fails(one);
      return act < 9 ? isHandled(one) : leaves();
    },
    left: () => ({ openInbox: model.open.length, deadInbox: dead }),
    met: () => model.open.length > 0 && dead > 0,
  };
};

export const inboxHistoriesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('the inbox over long histories', () => {
    law('hands out the head of each lane to one at a time, whatever becomes of it', async ({ store }) => {
      const { step, left, met } = scene(store, dice(7));
      for (let n = 0; n < STEPS; n += 1) await step();
      expect(met()).toBe(true);
      expect(await store.reader.figures(T0)).toMatchObject(left());
    });
  });
};
