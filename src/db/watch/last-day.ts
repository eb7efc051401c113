import type { DayFigures, HourFigures } from '../../core/ports/store.ts';
import { rows, type Steps } from '../steps.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;

/** Read from the indexes of what ended and what was asked for, never further back than a day. */
export function* lastDay(
  at: number,
  limit: { readonly ended: number; readonly asked: number },
): Steps<DayFigures> {
  const since = at - HOURS * HOUR_MS;
  const ended = yield* rows<{ hour: number; status: string; count: number }>(
    'select cast((ended_at - $1 - 1) / $2 as bigint) as hour, status, count(*) as count from ' +
      '(select ended_at, status from runs where ended_at > $1 and ended_at <= $3 order by ended_at desc limit $4) ' +
      'as newest group by 1, 2',
    since,
    HOUR_MS,
    at,
    limit.ended,
  );
  const asked = yield* rows<{ id: string }>(
    'select id from runs where created_at > $1 and created_at <= $2 order by created_at desc limit $3',
    since,
    at,
    limit.asked,
  );
  const sum = ended.reduce((all, { count }) => all + count, 0);
  return {
    hours: Array.from({ length: HOURS }, (_, hour) => hourOf(ended.filter((one) => one.hour === hour))),
    waits: yield* waits(asked.map(({ id }) => id)),
    cut: sum === limit.ended || asked.length === limit.asked,
  };
}

const hourOf = (counts: readonly { readonly status: string; readonly count: number }[]): HourFigures => {
  const of = (wanted: (status: string) => boolean): number =>
    counts.reduce((sum, { status, count }) => sum + (wanted(status) ? count : 0), 0);
  return {
    ok: of((status) => status === 'Succeeded'),
    failed: of((status) => status === 'Failed'),
    other: of((status) => status !== 'Succeeded' && status !== 'Failed'),
  };
};

/** A run that is asked about anew is decided anew. What nobody was asked about, nobody decided. */
function* waits(runIds: readonly string[]): Steps<readonly number[]> {
  const events = yield* rows<{ chain: string; type: string; at: number }>(
    "select chain, type, at from events where chain = any($1) and type in ('ApprovalRequested', 'RunApproved', 'RunDenied') " +
      'order by chain, seq',
    runIds,
  );
  const found: number[] = [];
  let asked: { readonly chain: string; readonly at: number } | undefined;
  for (const { chain, type, at } of events) {
    if (type === 'ApprovalRequested') asked = { chain, at };
    else if (asked?.chain === chain) {
      found.push(Math.max(0, at - asked.at));
      asked = undefined;
    }
  }
  return found;
}
