import { closedLoop } from '../http-load.ts';
import { pause } from '../measure.ts';
import type { WorkerOrder } from './contender.ts';
import { type Kind, type QueueEnd, type QueueModule, type Wanted, wallMs } from './queue-end.ts';

// One end of a queue in a process of its own: `node end-process.ts MODULE URL TUNING`, driven over the channel to its
// parent. The loops that are measured run here, so that no message between processes is part of a figure.

const [file = '', url = '', tuning = 'default'] = process.argv.slice(2);
// Which module it is, is known only at run time; its shape is what queue-end.ts says.
const { open } = (await import(file)) as QueueModule;
const end: QueueEnd = await open(url, tuning);

let made = 0;
const wanted = (more: Omit<Wanted, 'id'> = {}): Wanted => {
  made += 1;
  return { id: `${more.kind ?? 'plain'}-${process.pid}-${made}`, ...more };
};
const many = (count: number, more: Omit<Wanted, 'id'> = {}): readonly Wanted[] =>
  Array.from({ length: count }, () => wanted(more));

const FILL = 1000;

let handled = 0;

/** What the parent may ask; every answer is plain data. */
const commands = {
  prepare: async ({ count, kind }: { count: number; kind?: Kind }) => {
    await end.prepare?.(count, kind);
  },
  fill: async ({ count, ...more }: { count: number } & Omit<Wanted, 'id'>) => {
    for (let filled = 0; filled < count; filled += FILL) {
      const size = Math.min(FILL, count - filled);
      await end.prepare?.(size, more.kind);
      await end.addMany(many(size, more));
    }
  },
  /** Separate calls, so many of them under way at any time. */
  single: async ({ count, inFlight }: { count: number; inFlight: number }) => {
    const jobs = many(count);
    const { ms } = await closedLoop(inFlight, count, async (index) => {
      const job = jobs[index];
      if (job !== undefined) await end.add(job);
    });
    return ms;
  },
  batch: async ({ size, times }: { size: number; times: number }) => {
    const batches = Array.from({ length: times }, () => many(size));
    const began = performance.now();
    for (const batch of batches) await end.addMany(batch);
    return performance.now() - began;
  },
  one: async (more: Omit<Wanted, 'id'>) => {
    const job = wanted(more);
    const askedAt = wallMs();
    const { id } = await end.add(job);
    return { id, askedAt, storedAt: wallMs() };
  },
  /** No-op jobs; `tell` names those as they start, `hold` never finishes any. */
  work: async ({ slots, expected, tell, hold }: WorkerOrder) => {
    if (end.work === undefined) throw new Error(`${file} has a worker of its own`);
    const forever = hold ? new Promise<void>(() => undefined) : undefined;
    await end.work(slots, (id) => {
      if (handled === 0) event('first', wallMs());
      handled += 1;
      if (tell === 'all' || (tell === 'urgent' && id.startsWith(tell)))
        event('started', { id, at: wallMs() });
      if (handled === expected) event('handled', wallMs());
      return forever;
    });
  },
  handled: async () => ({ count: handled, at: wallMs() }),
  counts: async () => {
    if (end.counts === undefined) throw new Error(`${file} is counted from outside`);
    return end.counts();
  },
  /** Answers when the last completion is stored. */
  drained: async ({ deadlineMs }: { deadlineMs: number }) => {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const left = await end.left();
      const at = wallMs();
      if (left === 'nothing') return at;
      if (performance.now() > deadline) throw new Error(`jobs are left after ${deadlineMs} ms`);
      await pause(left === 'waiting' ? FAR_MS : NEAR_MS);
    }
  },
};

/** Looking costs the database something; near the end a look has to be exact. */
const FAR_MS = 25;
const NEAR_MS = 2;

export type EndCommands = typeof commands;

const send = (message: unknown): void => {
  process.send?.(message);
};
const event = (name: string, value: unknown): void => send({ event: name, value });

interface Asked {
  readonly id: number;
  readonly command: keyof EndCommands;
  readonly params: never;
}

process.on('message', ({ id, command, params }: Asked) => {
  commands[command](params).then(
    (value: unknown) => send({ id, value }),
    (error: unknown) =>
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
send({ event: 'ready' });
