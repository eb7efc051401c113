import { requesterId } from '../../core/runs/requester.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { dueAtOf, noticeAtOf } from '../queue/due.ts';

/** What a run's row repeats of its state, because lists, deadlines and figures go by it. */
export const runColumns = (state: LiveRun) => ({
  status: state.status,
  job_key: state.jobKey,
  job_version: state.jobVersion,
  requester_id: requesterId(state.requester),
  created_at: state.createdAt,
  due_at: dueAtOf(state) ?? null,
  notice_at: noticeAtOf(state) ?? null,
  ended_at: 'endedAt' in state ? state.endedAt : null,
  failure: state.status === 'Failed' ? state.summary.slice(0, failureMax) : null,
});

export type RunColumns = ReturnType<typeof runColumns>;

/** As statements name them; whoever compares a row with its state has to ask for all of them. */
export const RUN_COLUMNS: readonly string[] = Object.keys({
  status: true,
  job_key: true,
  job_version: true,
  requester_id: true,
  created_at: true,
  due_at: true,
  notice_at: true,
  ended_at: true,
  failure: true,
} satisfies Record<keyof RunColumns, true>);

/** The columns of a stored row that say something else than the state. */
export const unfitColumns = (
  row: { readonly [name: string]: unknown },
  state: LiveRun,
): readonly string[] => {
  const wanted: Readonly<Record<string, string | number | null>> = runColumns(state);
  return Object.keys(wanted).filter((name) => !same(row[name], wanted[name] ?? null));
};

/** Half a character is stored as the sign for an unknown one. */
const same = (stored: unknown, wanted: string | number | null): boolean =>
  stored === (typeof wanted === 'string' ? wanted.toWellFormed() : wanted);

/** The length of one line of summary; more would only make the index of failures large. */
const failureMax = 200;
