import type { Lease } from '../../ports/store.ts';
import type { Rooms } from '../messages/heard.ts';
import { setAside } from '../messages/set-aside.ts';
import { isOpen, retryLeave } from '../ops/feature-gates.ts';

/** Leases looked at in one turn. */
const PAGE = 100;

/**
 * A lease that ran out proves only that nobody says it is alive. If nothing was started under it, the entry goes back to
 * the queue; otherwise the run's rules decide between starting again and asking a person.
 */
export const recoverLeases = (rooms: Rooms) => {
  const aside = setAside('recover-leases', rooms.observe);
  return async (): Promise<'busy' | 'idle'> => {
    if (!(await isOpen(rooms.store.gates, 'queue.lease_reaper.enabled'))) return 'idle';
    const at = await rooms.store.now();
    await forsakeTheGone(rooms, at);
    const leases = await rooms.store.queue.expired(at, PAGE, aside.at(at));
    for (const lease of leases) {
      const { workerId, entry } = lease;
      await aside.attempt(entry.runId, at, async () => {
        const how = await recover(rooms, lease, at);
        if (how === undefined) return 'left';
        rooms.observe({ kind: 'lease_recovered', runId: entry.runId, workerId, how });
        return 'done';
      });
    }
    return leases.length === PAGE ? 'busy' : 'idle';
  };
};

/** A worker that is known to be gone need not be waited for until its leases run out: its jobs died with it. */
const forsakeTheGone = async ({ store, ambient: { isGone } }: Rooms, at: number): Promise<void> => {
  if (isGone === undefined) return;
  const holders = new Set(await store.queue.holders());
  if (holders.size === 0) return;
  const beats = await store.heartbeats.list();
  for (const { name, place } of beats) {
    if (holders.has(name) && isGone(place)) await store.queue.forsake(name, at);
  }
};

const recover = async (
  rooms: Rooms,
  lease: Lease,
  at: number,
): Promise<'rerun' | 'asked' | 'requeued' | undefined> => {
  const { fence, leaseUntil, entry } = lease;
  const { runId } = entry;
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  const started = run?.status === 'Running' && run.fence === fence;
  if (!started) {
    const released = await rooms.store.queue.release({ runId, fence, leaseUntil, at });
    return released ? 'requeued' : undefined;
  }
  const executed = await rooms.orchestrator.execute({
    runId,
    lease: { runId, fence, leaseUntil, after: 'release' },
    command: async (state) => ({
      type: 'lose',
      by: { kind: 'system', part: 'recovery' },
      fence,
      lastBeat: lease.beatAt,
      chance: rooms.ambient.chance(),
      retry: await retryLeave(rooms, state),
      at,
    }),
  });
  if (executed.outcome !== 'committed' || !executed.decision.ok) return undefined;
  return executed.after.status === 'Dispatching' ? 'rerun' : 'asked';
};
