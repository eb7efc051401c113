import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { devChannel } from '../../../src/bot/dev/channel.ts';
import type { Delivery } from '../../../src/core/ports/channel.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';

const noon = Date.UTC(2026, 10, 20, 12);

const open = (start = noon) => {
  const observed: Observation[] = [];
  let at = start;
  const channel = devChannel({ observe: (observation) => observed.push(observation), now: () => at });
  const never = new AbortController().signal;
  return {
    ...channel,
    observed,
    never,
    later: (ms: number) => {
      at += ms;
    },
    says: (conversation: string, body: string, more: Partial<Delivery> = {}) =>
      channel.sender.deliver(
        {
          address: `dev:${conversation}`,
          content: { kind: 'note', note: { lines: [[body]], actions: [] }, plain: body },
          correlationId: 'c',
          key: `key of ${body}`,
          ...more,
        },
        never,
      ),
    bodies: async (conversation: string, afterId = 0) =>
      (await channel.recent(conversation, afterId, AbortSignal.abort())).map(({ body }) => body),
  };
};

describe('the dev door', () => {
  test('observes what it sends, and keeps it', async () => {
    const dev = open();
    const body = 'Approved. Starting run K7M2QX for job "demo"…';
    expect(await dev.says('ops', body, { runId: 'K7M2QX' })).toEqual({ k: 'sent' });
    expect(dev.observed).toEqual([{ kind: 'outbound_dev', address: 'dev:ops', runId: 'K7M2QX', body }]);
    expect(await dev.recent('ops', 0, dev.never)).toEqual([
      { id: noon, body, runId: 'K7M2QX', key: `key of ${body}`, at: noon },
    ]);
    expect(dev.sender.caps.cards).toBe(false);
  });

  test('one conversation does not hear another', async () => {
    const dev = open();
    await dev.says('ops', 'for ops');
    expect(await dev.bodies('other')).toEqual([]);
  });

  test('the verbatim wording wins; without one the words of the message are said plainly', async () => {
    const dev = open();
    const at = { time: noon, as: 'clock' } as const;
    await dev.says('ops', '', {
      content: {
        kind: 'note',
        note: { lines: [[{ bold: 'Failed' }, ' ', at]], pre: ['tail'], after: [['end']], actions: [] },
      },
    });
    await dev.says('ops', '', {
      content: {
        kind: 'card',
        card: {
          runId: 'K7M2QX',
          mark: '▶️',
          title: 'Running',
          badges: ['58%'],
          lines: [['hello v1']],
          actions: [],
        },
      },
    });
    expect(await dev.bodies('ops')).toEqual([
      'Failed 12:00 UTC\ntail\nend',
      'Running · K7M2QX · 58%\nhello v1',
    ]);
  });
});

describe('asking what was said', () => {
  test('again is answered with what is new', async () => {
    const dev = open();
    await dev.says('ops', 'one');
    await dev.says('ops', 'two');
    const [first] = await dev.recent('ops', 0, dev.never);
    expect(await dev.bodies('ops', first?.id)).toEqual(['two']);
  });

  test('waits for the next message of that conversation', async () => {
    const dev = open();
    const waiting = dev.recent('ops', 0, dev.never);
    await dev.says('other', 'not this');
    await dev.says('ops', 'this');
    expect(await waiting).toMatchObject([{ body: 'this' }]);
  });

  test('ends empty with the signal, and leaves no listener behind', async () => {
    const dev = open();
    const ending = new AbortController();
    const waiting = dev.recent('ops', 0, ending.signal);
    const told = dev.recent('other', 0, ending.signal);
    await dev.says('other', 'told');
    await told;
    expect(getEventListeners(ending.signal, 'abort')).toHaveLength(1);
    ending.abort();
    expect(await waiting).toEqual([]);
    expect(getEventListeners(ending.signal, 'abort')).toHaveLength(0);
    await dev.says('ops', 'later');
    expect(await dev.recent('ops', 0, ending.signal)).toHaveLength(1);
  });

  test('ids grow over a restart, so that a reader who goes on misses nothing', async () => {
    const before = open();
    for (const body of ['a', 'b', 'c']) await before.says('ops', body);
    const last = (await before.recent('ops', 0, before.never)).at(-1);
    expect(last?.id).toBe(noon + 2);
    const after = open(noon + 60_000);
    await after.says('ops', 'd');
    expect(await after.bodies('ops', last?.id)).toEqual(['d']);
  });

  test('keeps the last 200 messages of a conversation', async () => {
    const dev = open();
    for (let count = 1; count <= 201; count += 1) await dev.says('ops', `m${count}`);
    const bodies = await dev.bodies('ops');
    expect(bodies).toHaveLength(200);
    expect(bodies[0]).toBe('m2');
  });

  test('keeps 1000 conversations, and forgets the one that has been silent longest', async () => {
    const dev = open();
    for (let count = 0; count < 1000; count += 1) await dev.says(`c${count}`, 'hi');
    await dev.says('c0', 'still here');
    await dev.says('one more', 'hi');
    expect(await dev.bodies('c0')).toEqual(['hi', 'still here']);
    expect(await dev.bodies('c1')).toEqual([]);
    expect(await dev.bodies('c2')).toEqual(['hi']);
  });
});
