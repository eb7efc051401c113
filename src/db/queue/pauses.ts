import type { IPauses } from '../../core/ports/upkeep.ts';
import { given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { rows } from '../steps.ts';

export const pausesOf = (engine: Engine): IPauses => ({
  list: () =>
    engine.read(function* () {
      const found = yield* rows<{ what: string; paused_by: string; at: number; reason: string | null }>(
        'select what, paused_by, at, reason from queue_pauses order by what desc',
      );
      return found.map(({ what, paused_by, at, reason }) => ({
        what,
        by: paused_by,
        at,
        ...given('reason', reason),
      }));
    }),
});
