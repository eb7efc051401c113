import { expect, test } from 'vitest';
import { housekeeping } from '../../src/scheduler/start.ts';
import { DATABASES, freshDatabaseUrl } from '../e2e/databases.ts';
import { freshFolder } from '../e2e/program.ts';
import { hire } from '../flows/worker.ts';
import { administer } from '../setup/administer.ts';
import { LEASE_MS, type Shift, shift, unasked } from '../worker/shift.ts';

/** More than any page of a tick holds. */
const HOPELESS = 230;

/** Time stands still until it is put forward: what is set aside for a second stays there, however slow the machine is. */
const clockwork = () => {
  let now = Date.UTC(2026, 10, 20, 14);
  return { clock: () => now, forward: (ms: number) => void (now += ms) };
};

/** What becomes of a run that somebody's hand was in: the rules refuse it, or do not even get through it. */
const REFUSED = "update runs set state = '[]'";
const UNREADABLE = "update run_terms set terms = '{}'";

/** So many broken runs, and after them one that is sound. */
const broken = async (house: Shift, make: () => Promise<string>, damage: () => Promise<unknown>) => {
  await Promise.all(Array.from({ length: HOPELESS }, make));
  await damage();
  return { sound: await make(), faults: () => house.seen.filter(isFault).length };
};

const isFault = ({ kind }: { readonly kind: string }): boolean => kind === 'loop_faulted';

/** Until a turn says that there is nothing left; a turn that found a full page is followed by the next. */
const turns = async (tick: () => Promise<'busy' | 'idle'>): Promise<number> => {
  let count = 1;
  while ((await tick()) === 'busy') count += 1;
  return count;
};

test.each(DATABASES)(
  'leases of runs that cannot be read do not keep the others from being recovered, on %s',
  async (kind) => {
    const time = clockwork();
    const url = await freshDatabaseUrl(kind, await freshFolder());
    const house = await shift({ url, clock: time.clock });
    const job = await house.job('hello', { target: { kind: 'demo' }, approval: unasked });
    const hand = hire({ rooms: () => house.rooms, leaseMs: LEASE_MS, now: time.clock }, 'gone');
    const begun = async (): Promise<string> => {
      const runId = await house.dispatched(job);
      const claimed = await hand.claims();
      if (claimed !== undefined) await hand.begins(claimed);
      return runId;
    };
    const { sound, faults } = await broken(house, begun, () => administer(url, UNREADABLE));
    time.forward(LEASE_MS + 1);
    const tick = housekeeping(house.rooms)['recover-leases'];
    expect(await turns(tick)).toBe(Math.floor(HOPELESS / 100) + 1);
    expect(await house.run(sound)).toMatchObject({ status: 'Dispatching', attempt: 2 });
    expect(faults()).toBe(HOPELESS);
    // They are tried again, but not with every turn.
    expect(await turns(tick)).toBe(1);
    expect(faults()).toBe(HOPELESS);
    time.forward(1001);
    await turns(tick);
    expect(faults()).toBe(2 * HOPELESS);
  },
);

test.each(DATABASES)(
  'overdue runs that cannot be read do not keep the others from being closed, on %s',
  async (kind) => {
    const time = clockwork();
    const url = await freshDatabaseUrl(kind, await freshFolder());
    const house = await shift({ url, clock: time.clock });
    const job = await house.job('hello', { target: { kind: 'demo' } });
    const { sound, faults } = await broken(
      house,
      () => house.asked(job),
      () => administer(url, REFUSED),
    );
    time.forward(job.spec.approval.decideByMs + 1000);
    const tick = housekeeping(house.rooms)['close-overdue'];
    expect(await turns(tick)).toBe(Math.floor(HOPELESS / 200) + 1);
    expect(await house.status(sound)).toBe('Expired');
    // Another process may have been faster; only what is still there later is a fault.
    expect(await turns(tick)).toBe(1);
    expect(faults()).toBe(0);
    time.forward(1001);
    await turns(tick);
    expect(faults()).toBe(HOPELESS);
  },
);
