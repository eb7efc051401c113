import type { IAcceptances } from '../../core/ports/upkeep.ts';
import type { Acceptance } from '../../core/runs/acceptance.ts';
import type { Engine } from '../engine.ts';
import { rows } from '../steps.ts';

export const acceptancesOf = (engine: Engine): IAcceptances => ({
  of: (jobKey) =>
    engine.read(function* () {
      const found = yield* rows<{ digest: string; person_id: string; accepted_by: string; at: number }>(
        'select digest, person_id, accepted_by, at from never_acceptances where job_key = $1 order by at, person_id',
        jobKey,
      );
      return found.map(
        ({ digest, person_id, accepted_by, at }): Acceptance => ({
          digest,
          personId: person_id,
          by: accepted_by,
          at,
        }),
      );
    }),
});
