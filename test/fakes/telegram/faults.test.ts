import { describe, expect, it } from 'vitest';
import { call, poll, withAda } from './harness.ts';

describe('faults', () => {
  it.each([
    ['drop_before', 0],
    ['drop_after', 1],
  ] as const)('%s leaves %i messages', async (fault, count) => {
    const { fake, send } = await withAda();
    fake.nextFault('sendMessage', fault);
    await expect(send('x')).rejects.toThrow('fetch failed');
    expect(fake.botMessages(42)).toHaveLength(count);
    expect((await send('y')).ok).toBe(true);
  });

  it.each([
    ['hang_before', 0],
    ['hang_after', 1],
  ] as const)('%s never answers and leaves %i messages', async (fault, count) => {
    const { fake } = await withAda();
    fake.nextFault('*', fault);
    const params = { chat_id: 42, text: 'x' };
    await expect(call(fake, 'sendMessage', params, AbortSignal.timeout(200))).rejects.toThrow('timeout');
    expect(fake.botMessages(42)).toHaveLength(count);
  });

  it('answers 5xx without effect, half a JSON with effect, or late', async () => {
    const { fake, send } = await withAda();
    fake.nextFault('sendMessage', { status: 500 }, 2);
    fake.nextFault('sendMessage', 'truncated');
    fake.nextFault('sendMessage', { delayMs: 60 });
    for (const _ of [1, 2]) expect((await send('x')).description).toBe('Internal Server Error');
    await expect(send('cut')).rejects.toThrow(SyntaxError);
    const before = performance.now();
    expect((await send('late')).ok).toBe(true);
    expect(performance.now() - before).toBeGreaterThan(50);
    expect(fake.botMessages(42).map(({ text }) => text)).toEqual(['cut', 'late']);
  });

  it('keep an update when the answer to the poll is lost', async () => {
    const { fake, ada } = await withAda();
    ada.tells('a');
    fake.nextFault('getUpdates', 'drop_after');
    await expect(poll(fake, 0)).rejects.toThrow('fetch failed');
    expect((await poll(fake, 0)).result).toHaveLength(1);
    expect(fake.confirmedUpdateIds()).toEqual([]);
  });
});

describe('the ledger', () => {
  it('keeps every call with its parameters, time, answer and fault', async () => {
    let now = 1000;
    const { fake, send } = await withAda({ now: () => now });
    fake.nextFault('sendMessage', { status: 500 });
    await send('a');
    now = 2000;
    await send('b');
    expect(fake.calls('sendMessage')).toMatchObject([
      { number: 1, params: { text: 'a' }, at: 1000, fault: { status: 500 } },
      {
        number: 2,
        params: { text: 'b' },
        at: 2000,
        answeredAt: 2000,
        answer: { ok: true, result: { date: 2 } },
      },
    ]);
  });

  it('waits for what a bot will do, and says what did not come', async () => {
    const { fake, send } = await withAda();
    setTimeout(() => void send('soon'), 5);
    expect((await fake.waitFor(() => fake.botMessages(42)[0])).text).toBe('soon');
    await expect(fake.waitFor(() => false, 30)).rejects.toThrow('Nothing came within 30 ms');
  });
});
