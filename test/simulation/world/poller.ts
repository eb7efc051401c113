import type { InboundSink } from '../../../src/core/ports/channel.ts';
import type { Running } from '../../../src/core/ports/running.ts';
import { rest } from '../../../src/loops/rest.ts';
import type { Passage } from './passage.ts';
import type { Updates } from './updates.ts';
import type { Program, World } from './world.ts';

/**
 * What the Telegram source does without its wire: polls from the beginning, stores what came, and only the next poll
 * confirms it. After any trouble it begins anew, because Telegram remembers what was confirmed.
 */
export const startPoller = (
  world: World,
  program: Program,
  {
    updates,
    passage,
    sink,
  }: { readonly updates: Updates; readonly passage: Passage; readonly sink: InboundSink },
): Running => {
  const stopping = new AbortController();
  let committing: Promise<void> = Promise.resolve();
  const once = async (offset: number): Promise<number | undefined> => {
    const polled = await updates.poll(program, passage, offset);
    if (stopping.signal.aborted || polled.k !== 'updates') return undefined;
    if (polled.updates.length === 0) return offset;
    committing = sink(polled.updates.map(({ inbound }) => inbound));
    await committing;
    return Math.max(...polled.updates.map(({ id }) => id)) + 1;
  };
  const loop = async (): Promise<void> => {
    let offset = 0;
    while (!stopping.signal.aborted) {
      const next = await once(offset).catch(() => undefined);
      offset = next ?? 0;
      if (next === undefined) await rest(world.dice.ports.between(1000, 3000), stopping.signal);
    }
  };
  void loop();
  return {
    stop: async () => {
      stopping.abort();
      await committing.catch(() => undefined);
    },
  };
};
