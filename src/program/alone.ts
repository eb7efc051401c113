import { Stop } from '../cli/voice/stop.ts';
import type { SoleWork } from '../core/ports/leases.ts';
import { acquire } from '../loops/only-one.ts';

const NAME = 'memory-queue';
/** Until the loop that keeps the lease has begun. */
const FIRST_MS = 8000;

/** Keeps others away for as long as this process lives. */
export const STAYING_ALONE: SoleWork = { name: NAME, start: () => ({ stop: () => Promise.resolve() }) };

/**
 * A queue in memory is known to one process only; a second one would take what the first one runs for lost. So whoever comes
 * second does not start, with a problem of the configuration.
 */
export const assertAlone = async (turns: Parameters<typeof acquire>[0]): Promise<void> => {
  const { holder } = await acquire(turns, NAME, FIRST_MS);
  if (holder === turns.holder) return;
  const words = `QUEUE: memory is for one process, and ${holder} has this database; leave it out, or stop that one`;
  throw new Stop({ code: 'BAD_CONFIGURATION', message: '1 problem in the configuration', lines: [words] });
};
