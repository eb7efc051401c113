import { describe, expect } from 'vitest';
import type { Settlement, Store } from '../../src/core/ports/store.ts';
import { type Dice, dice } from './dice.ts';
import { card, claimOut, note, send, T0 } from './given.ts';
import { type Message, type OutboxModel, outboxModel } from './outbox-model.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const ADDRESSES = ['dev:a', 'dev:a/1', 'dev:b', 'dev:c'] as const;
const RUNS = ['R1', 'R2'] as const;
const OWNERS = ['one', 'two'] as const;
/** Times are few, so that they meet. */
const TICK_MS = 10;
const LEASE_MS = 5 * TICK_MS;
const STEPS = 220;

/** One database and what the contract says about it, told the same things. */
const scene = (store: Store, roll: Dice) => {
  const model = outboxModel();
  /** The database's number of each message, once it was handed out. */
  const numbers = new Map<Message, number>();
  let at = T0;
  let key = 0;

  const says = async (): Promise<void> => {
    // The same key again and again, at one address or at several.
    key += roll.below(2);
    const over = { address: roll.among(ADDRESSES), priority: roll.below(3) };
    const run = roll.among(RUNS);
    const draft = roll.below(3) === 0 ? note(`k${key}`, over) : card(`k${key}`, run, over);
    model.add(draft, at);
    await store.runs.commit([{ ...send(draft), at }]);
  };

  const claims = async (limit = 1 + roll.below(4)): Promise<readonly Message[]> => {
    const owner = roll.among(OWNERS);
    const until = at + LEASE_MS;
    const expected = model.claim(owner, at, until, limit);
    const claimed = await store.outbox.claim({ owner, limit, at, until, channels: ['dev'] });
    expect(claimed.map(({ outboxId: _, ...one }) => one)).toEqual(
      expected.map((one) => asHanded(model, one)),
    );
    for (const [index, one] of expected.entries()) numbers.set(one, claimed[index]?.outboxId ?? 0);
    return expected;
  };

  const settles = async (one: Message | undefined, told?: Settlement['k']): Promise<void> => {
    if (one === undefined) return;
    const outboxId = numbers.get(one) ?? 0;
    const owner = told === undefined ? roll.among(OWNERS) : one.owner;
    const settlement = settlementOf(told ?? roll.among(['sent', 'later', 'dead']), {
      outboxId,
      until: roll.isRare() ? one.nextAt - 1 : one.nextAt,
      at: at + TICK_MS * roll.below(4),
      messageId: `m${roll.below(1_000)}`,
      ambiguous: roll.isRare(),
    });
    model.settle(one, settlement, owner);
    await store.outbox.settle([settlement], at, owner);
  };

  const reroutes = async (): Promise<void> => {
    const [from, to] = [roll.among(ADDRESSES), roll.among(ADDRESSES)];
    model.readdress(from, to);
    await store.outbox.readdress(from, to, at);
  };
  const suspends = async (): Promise<void> => {
    const address = roll.among(ADDRESSES);
    model.suspend(address);
    await store.outbox.suspend(address, 'blocked', at);
  };
  const answersAgain = async (address = roll.among(ADDRESSES)): Promise<void> => {
    model.unsuspend(address);
    await store.outbox.unsuspend(address, at);
  };
  const rests = async (): Promise<void> => {
    const [address, until] = [roll.among(ADDRESSES), at + TICK_MS * roll.below(6)];
    model.pause(address, until);
    await store.outbox.pauseLane(address, until);
  };
  const leaves = async (): Promise<void> => {
    const owner = roll.among(OWNERS);
    model.release(owner, at);
    await store.outbox.release(owner, at);
  };

  return {
    model,
    step: async (): Promise<void> => {
      at += TICK_MS * roll.below(2);
      const act = roll.below(20);
      if (act < 6) return says();
      if (act < 11) return void (await claims());
      if (act < 15) return settles(roll.anyOf([...numbers.keys()]));
      await roll.among([reroutes, suspends, answersAgain, rests, leaves])();
    },
    /** Everybody answers again, and all that is left is sent. */
    drain: async (): Promise<void> => {
      for (const address of ADDRESSES) await answersAgain(address);
      for (let sent = 1; sent > 0; ) {
        at += 1_000;
        const claimed = await claims(10);
        for (const one of claimed) await settles(one, 'sent');
        sent = claimed.length;
      }
    },
  };
};

const asHanded = (model: OutboxModel, one: Message) => {
  const { draft, address, attempts, ambiguous, nextAt } = one;
  const messageId = model.cardOf(one);
  return {
    draft,
    address,
    attempts,
    ambiguous,
    until: nextAt,
    createdAt: expect.any(Number) as number,
    ...(messageId === undefined || draft.runId === undefined ? {} : { cardMessageId: messageId }),
  };
};

interface Told {
  readonly outboxId: number;
  readonly until: number;
  readonly at: number;
  readonly messageId: string;
  readonly ambiguous: boolean;
}

const settlementOf = (k: Settlement['k'], told: Told): Settlement => {
  const { outboxId, until, at, messageId, ambiguous } = told;
  switch (k) {
    case 'sent':
      return { outboxId, k, messageId };
    case 'dead':
      return { outboxId, until, k, error: 'gone' };
    case 'later':
      return { outboxId, until, k, at, attempt: true, ambiguous, error: 'busy' };
  }
};

export const outboxHistoriesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('the outbox over long histories', () => {
    for (const seed of [1, 3]) {
      law(`hands out what its contract says, whatever becomes of it (seed ${seed})`, async ({ store }) => {
        const { model, step, drain } = scene(store, dice(seed));
        for (let n = 0; n < STEPS; n += 1) await step();
        await drain();
        const ends = Map.groupBy(model.messages, ({ state }) => state);
        // Each end was met, or the history says nothing about it.
        expect([...ends.keys()].toSorted()).toEqual(['dead', 'sent', 'superseded']);
        const figures = await store.reader.figures(T0 + 1_000_000);
        expect(figures).toMatchObject({ openOutbox: 0, deadOutbox: ends.get('dead')?.length });
      });
    }

    law('a message under way stays where it is when its twin waits in the new chat', async ({ store }) => {
      await store.runs.commit([send(note('k'), note('k', { address: 'dev:new' }))]);
      const [here, there] = await claimOut(store);
      await store.outbox.readdress('dev:ops', 'dev:new', T0);
      expect([here?.address, there?.address]).toEqual(['dev:ops', 'dev:new']);
      const sent = [here, there].map((one) => ({ outboxId: one?.outboxId ?? 0, k: 'sent' }) as const);
      await store.outbox.settle(sent, T0, 'sender');
      expect(await store.reader.figures(T0)).toMatchObject({ openOutbox: 0, deadOutbox: 0 });
    });
  });
};
