import { onTestFinished } from 'vitest';
import type { ILeases, OnlyOne } from '../../../src/core/ports/leases.ts';
import { openStore } from '../../../src/db/open.ts';
import { onlyOneOf } from '../../../src/loops/only-one.ts';

/** Processes that share one database. */
export const processes = async () => {
  const store = await openStore({ url: ':memory:' });
  onTestFinished(() => store.close());
  const onlyOne = (holder: string, leases: ILeases = store.leases, giveUpMs = 4000): OnlyOne =>
    onlyOneOf({
      leases,
      now: () => store.now(),
      holder,
      place: '',
      isGone: () => false,
      onGone: () => Promise.resolve(),
      observe: () => undefined,
      times: { lookMs: 5, renewMs: 10, giveUpMs },
    });
  return { store, onlyOne };
};
