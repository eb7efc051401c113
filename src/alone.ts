import { Stop } from './cli/stop.ts';
import type { NamedLease, SoleWork } from './core/ports/leases.ts';
import type { Store } from './core/ports/store.ts';

const NAME = 'memory-queue';
/** Until the loop that keeps the lease has begun. */
const FIRST_MS = 8000;

/** Keeps others away for as long as this process lives. */
export const STAYING_ALONE: SoleWork = { name: NAME, start: () => ({ stop: () => Promise.resolve() }) };

/**
 * A queue in memory is known to one process only; a second one would take what the first one runs for lost. So whoever comes
 * second does not start, with a problem of the configuration.
 */
export const assertAlone = async (
  { leases, now }: Pick<Store, 'leases' | 'now'>,
  {
    holder,
    place,
    isGone,
  }: Pick<NamedLease, 'holder' | 'place'> & { readonly isGone: (place: string) => boolean },
): Promise<void> => {
  const at = await now();
  const wanted = { name: NAME, holder, place, at, until: at + FIRST_MS };
  const lease = await leases.take(wanted);
  if (lease.holder === holder) return;
  const inherited = isGone(lease.place) ? await leases.take({ ...wanted, over: lease.fence }) : lease;
  if (inherited.holder === holder) return;
  const words = `QUEUE: memory is for one process, and ${inherited.holder} has this database; leave it out, or stop that one`;
  throw new Stop({ code: 'BAD_CONFIGURATION', message: '1 problem in the configuration', lines: [words] });
};
