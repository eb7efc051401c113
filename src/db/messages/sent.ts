import type { Sent } from '../../core/ports/store.ts';
import type { Draft } from '../../core/text/grammar/draft.ts';
import { fromJson } from '../codec.ts';
import { rows, type Steps } from '../steps.ts';

interface SentRow {
  readonly key: string;
  readonly address: string;
  readonly state: 'sent' | 'dead';
  readonly attempts: number;
  readonly closed_at: number;
  readonly draft: string;
}

/** Walks the whole table: somebody asks once in a while, and an index would be paid for by every message. */
export function* sentAbout(runId: string): Steps<readonly Sent[]> {
  const found = yield* rows<SentRow>(
    'select key, address, state, attempts, closed_at, draft from outbox ' +
      "where run_id = $1 and state in ('sent', 'dead') order by id",
    runId,
  );
  return found.flatMap(({ key, address, state, attempts, closed_at, draft }) =>
    (fromJson(draft) as Draft).delivered === true
      ? []
      : [{ key, address, outcome: state, tries: attempts + 1, closedAt: closed_at }],
  );
}
