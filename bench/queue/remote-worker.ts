import type { Worker } from './contender.ts';
import type { RemoteEnd } from './remote-end.ts';

/** A peer's worker, as its process tells of it. */
export const remoteWorker = (end: RemoteEnd): Worker => {
  const started = new Map<string, PromiseWithResolvers<number>>();
  const startOf = (id: string): PromiseWithResolvers<number> => {
    const known = started.get(id) ?? Promise.withResolvers<number>();
    started.set(id, known);
    return known;
  };
  end.on((event, value) => {
    if (event !== 'started') return;
    // Sent by end-process.ts in this form.
    const { id, at } = value as { readonly id: string; readonly at: number };
    startOf(id).resolve(at);
  });
  return {
    firstAt: () => end.first('first'),
    allHandled: () => end.first('handled'),
    ranOutAt: () => Promise.race([end.first<number>('handled'), Promise.resolve(Infinity)]),
    handled: () => end.call('handled', undefined),
    startedAt: (id) => startOf(id).promise,
    rssMb: () => end.rssMb(),
    kill: () => end.kill(),
    stop: () => end.close(),
  };
};
