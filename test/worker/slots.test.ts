import { describe, expect, test } from 'vitest';
import { slotsOf } from '../../src/worker/slots.ts';

const patient = (): AbortSignal => new AbortController().signal;

/** Asks for a place and notes the name once it is given. */
const asking = (slots: ReturnType<typeof slotsOf>, admitted: string[]) => (name: string, priority: number) =>
  slots.take(priority, patient()).then((leave) => {
    admitted.push(name);
    return leave;
  });

describe('slots', () => {
  test('no more are in than there are places', async () => {
    const slots = slotsOf(2);
    const admitted: string[] = [];
    const ask = asking(slots, admitted);
    const first = await ask('a', 0);
    await ask('b', 0);
    const third = ask('c', 0);
    expect(admitted).toEqual(['a', 'b']);
    first?.();
    await third;
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  test('the most urgent goes first, and of equals the one that came first', async () => {
    const slots = slotsOf(1);
    const admitted: string[] = [];
    const ask = asking(slots, admitted);
    const only = await ask('running', 0);
    const waiting = [ask('first', 0), ask('second', 0), ask('urgent', 9)];
    only?.();
    const [urgent, first, second] = [waiting[2], waiting[0], waiting[1]];
    (await urgent)?.();
    (await first)?.();
    (await second)?.();
    expect(admitted).toEqual(['running', 'urgent', 'first', 'second']);
  });

  test('who gives up gets no place and takes none', async () => {
    const slots = slotsOf(1);
    const leave = await slots.take(0, patient());
    const impatience = new AbortController();
    const gaveUp = slots.take(0, impatience.signal);
    const next = slots.take(0, patient());
    impatience.abort();
    expect(await gaveUp).toBeUndefined();
    leave?.();
    expect(await next).toBeTypeOf('function');
  });

  test('who comes with a raised signal does not wait', async () => {
    expect(await slotsOf(1).take(0, AbortSignal.abort())).toBeUndefined();
  });

  test('a place that is given back twice is one place', async () => {
    const slots = slotsOf(1);
    const leave = await slots.take(0, patient());
    leave?.();
    leave?.();
    await slots.take(0, patient());
    const impatience = new AbortController();
    const second = slots.take(0, impatience.signal);
    impatience.abort();
    expect(await second).toBeUndefined();
  });
});
