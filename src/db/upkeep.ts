import type { Commit } from '../core/ports/commit.ts';
import type { Upkeep } from '../core/ports/upkeep.ts';
import { rows, type Steps } from './steps.ts';

/** Writes what commits change beside runs and messages, in their order. */
export function* keepUp(commits: readonly Commit[]): Steps<void> {
  for (const { upkeep = [], at } of commits) {
    for (const one of upkeep) yield* write(one, at);
  }
}

function* write(one: Upkeep, at: number): Steps<void> {
  switch (one.kind) {
    case 'gate':
      yield* rows(
        'insert into gates (name, open, value, changed_by, changed_at, recorded) values ($1, $2, $3, $4, $5, 1) ' +
          'on conflict (name) do update set open = excluded.open, value = excluded.value, ' +
          'changed_by = excluded.changed_by, changed_at = excluded.changed_at, recorded = 1',
        one.name,
        one.open ? 1 : 0,
        one.value ?? null,
        one.by,
        at,
      );
      return;
    case 'gates_recorded':
      yield* rows('update gates set recorded = 1 where name = any($1)', one.names);
      return;
  }
}
