import { rows, type Steps } from '../steps.ts';
import { RUN_COLUMNS, type RunColumns, unfitColumns } from './run-columns.ts';
import { runFromJson } from './run-json.ts';

type Row = Omit<RunColumns, 'status'> & {
  readonly id: string;
  readonly status: string;
  readonly address: string;
  readonly terms: string;
  readonly state: string;
  readonly moved_from: string | null;
};

const COLUMNS = RUN_COLUMNS.map((name) => `r.${name}`).join(', ');

/** Compares each row with itself: the columns with the state that they repeat. */
export function* misfits(runIds: readonly string[]): Steps<ReadonlyMap<string, readonly string[]>> {
  // One statement, so that a conversation that moves meanwhile is seen before or after, never halfway.
  const found = yield* rows<Row>(
    `select r.id, ${COLUMNS}, r.address, t.terms, r.state, a.address as moved_from ` +
      'from runs r join run_terms t on t.run_id = r.id left join addresses a on a.moved_to = r.address where r.id = any($1)',
    runIds,
  );
  const bad = [...Map.groupBy(found, ({ id }) => id)].map(([id, copies]) => [id, misfitsOf(copies)] as const);
  return new Map(bad.filter(([, columns]) => columns.length > 0));
}

/** The copies of one row differ only in who moved to its address. */
const misfitsOf = (copies: readonly Row[]): readonly string[] => {
  const row = copies[0];
  if (row === undefined) return [];
  const state = runFromJson(row.terms, row.state);
  const { address } = state.origin;
  const atHome = row.address === address || copies.some(({ moved_from }) => moved_from === address);
  return [...unfitColumns(row, state), ...(atHome ? [] : ['address'])];
};
