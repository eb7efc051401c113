import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../src/core/runs/canonical.ts';
import { firstFault, follows, GENESIS, link, linkHash } from '../../../src/core/runs/chain.ts';
import type { StoredEvent } from '../../../src/core/runs/event.ts';
import { sha256Hex } from '../../../src/core/runs/hash.ts';
import { asks, bob, noon, RUN, says, starts, succeeds } from '../../cast.ts';
import { past } from '../../given.ts';

const begin = { seq: 0, hash: GENESIS };
const events = past(asks(), says.yes(bob), starts(), succeeds());
const chain = link(RUN, begin, events);

const changes: Readonly<Record<string, (event: StoredEvent) => StoredEvent>> = {
  chain: (event) => ({ ...event, chain: 'K7M2QY' }),
  seq: (event) => ({ ...event, seq: event.seq + 1 }),
  type: (event) => ({ ...event, type: `${event.type}x` }),
  at: (event) => ({ ...event, at: event.at + 1 }),
  actor: (event) => ({ ...event, actor: 'user:dev:eve' }),
  payload: (event) => ({ ...event, payload: { ...(event.payload as object), extra: 1 } }),
  hash: (event) => ({ ...event, hash: event.hash.replace(/^./, (letter) => (letter === '0' ? '1' : '0')) }),
};

describe('the chain of a history', () => {
  test('is numbered from 1 without gaps, and holds', () => {
    expect(chain.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(firstFault(chain)).toBeUndefined();
    expect(firstFault([])).toBeUndefined();
  });

  test('goes on where it ended, whenever it is written', () => {
    const head = link(RUN, begin, events.slice(0, 4));
    const last = head.at(-1);
    expect([...head, ...link(RUN, last ?? begin, events.slice(4))]).toEqual(chain);
  });

  test('survives a database: the order of keys and absent ones do not matter', () => {
    const stored = chain.map((event) => ({
      ...event,
      payload: Object.fromEntries(Object.entries(event.payload as object).toReversed()),
    }));
    expect(firstFault(stored)).toBeUndefined();
  });

  test.each(Object.keys(changes))('detects a changed %s in any event', (what) => {
    for (const [at, event] of chain.entries()) {
      const changed = chain.with(at, changes[what]?.(event) ?? event);
      expect(firstFault(changed), `event ${event.seq}`).toBeDefined();
    }
  });

  test('detects an event that is missing, twice or out of place', () => {
    // Nobody can tell from the events alone that the last one is missing; that is what seals are for.
    for (const at of chain.slice(1).keys()) {
      expect(firstFault(chain.toSpliced(at, 1))).toEqual({ seq: at + 1, fault: 'gap' });
    }
    for (const [at, event] of chain.entries()) {
      expect(firstFault(chain.toSpliced(at, 0, event))).toEqual({ seq: at + 2, fault: 'gap' });
    }
    expect(firstFault(chain.toReversed())).toEqual({ seq: 1, fault: 'gap' });
  });

  test('detects an event rewritten with a hash of its own, at the next one', () => {
    const [first, second] = chain;
    const forged = link(RUN, begin, [{ ...(first as StoredEvent), actor: 'user:dev:eve' }]);
    expect(firstFault([...forged, second as StoredEvent])).toEqual({ seq: 2, fault: 'hash' });
  });

  test('holds for any texts and detects any edit of them', () => {
    const unlinked = fc.record({
      type: fc.string(),
      at: fc.constant(noon),
      actor: fc.string({ unit: 'binary' }),
      payload: fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger())),
    });
    fc.assert(
      fc.property(
        fc.array(unlinked, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.string(),
        (list, at, text) => {
          const linked = link('R', begin, list);
          expect(firstFault(linked)).toBeUndefined();
          const place = at % linked.length;
          const event = linked[place] as StoredEvent;
          const edited = linked.with(place, { ...event, actor: `${event.actor}${text}!` });
          expect(firstFault(edited)).toEqual({ seq: place + 1, fault: 'hash' });
        },
      ),
    );
  });
});

describe('an event whose payload is still text', () => {
  const [first, second] = chain;
  const asText = (event: StoredEvent, payload = canonical(event.payload)) => ({ ...event, payload });

  test('is linked by the same hash, however it was written down', () => {
    for (const [at, event] of chain.entries()) {
      const previous = chain[at - 1]?.hash ?? GENESIS;
      expect(follows(previous, asText(event))).toBe(true);
      expect(follows(previous, asText(event, JSON.stringify(event.payload, undefined, 2)))).toBe(true);
      expect(follows(second?.hash ?? '', asText(event))).toBe(at === 2);
    }
  });

  test('is linked by the hash of the text of everything about it', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.nat(), fc.nat(), (type, actor, name, seq, at) => {
        const event = { chain: name, seq, type, at, actor, payload: { words: type } };
        expect(linkHash(GENESIS, event)).toBe(sha256Hex(`${GENESIS}\n${canonical(event)}`));
      }),
    ));

  test.each(['', '{', '{"a":1}', '{"a":0.5}', '[1e999]', 'null'])(
    'does not follow with %j in its place',
    (payload) => {
      if (first === undefined) throw new Error('there is no event');
      expect(follows(GENESIS, asText(first, payload))).toBe(false);
    },
  );

  test('does not follow when its number is none', () => {
    if (first === undefined) throw new Error('there is no event');
    expect(follows(GENESIS, { ...asText(first), seq: Number.NaN })).toBe(false);
    expect(follows(GENESIS, { ...asText(first), at: 0.5 })).toBe(false);
  });
});
