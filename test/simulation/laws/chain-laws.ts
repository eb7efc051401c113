import { isDeepStrictEqual } from 'node:util';
import { MOVES } from '../../../src/core/runs/board.ts';
import type { StoredEvent } from '../../../src/core/runs/event.ts';
import type { LiveRun } from '../../../src/core/runs/run.ts';
import type { Happening, Known, Mirror } from './mirror.ts';
import { linkOf } from './second-opinion.ts';

/** S16: numbered without a gap, each hash covering everything before. */
export const checkLink = (
  { world }: Mirror,
  head: { seq: number; hash: string },
  event: StoredEvent,
): void => {
  const { chain, seq, hash } = event;
  if (seq !== head.seq + 1) world.breaks('S16', `${chain} goes from ${head.seq} to ${seq}`);
  if (linkOf(head.hash, event) !== hash) world.breaks('S16', `${chain} ${seq} has the wrong hash`);
};

const ALLOWED = new Set(MOVES.map(({ from, to, event }) => `${from} → ${to} (${event})`));

/** The state machine takes the steps of its table and no others. */
export const checkMove = ({ world }: Mirror, { before, after, event, run }: Happening): void => {
  const from = before.status;
  if (event.type === 'PreviewRecorded') world.counts('event: PreviewRecorded');
  if (event.type === 'ApprovalVoided') world.counts(`void: ${event.payload.reason}`);
  if (from === after.status) return;
  if (from === 'absent') {
    if (event.type !== 'RunCreated') world.breaks('state machine', `${run.runId} begins with ${event.type}`);
    return;
  }
  const move = `${from} → ${after.status} (${event.type})`;
  world.counts(`move: ${move}`);
  if (!ALLOWED.has(move)) world.breaks('state machine', `${run.runId} takes the step ${move}`);
};

/** S17: what is stored is what the events say. */
export const checkFold = ({ world, reading }: Mirror, run: Known): void => {
  const row = reading.run(run.runId);
  if (row === undefined) return world.breaks('S17', `${run.runId} has events and no row`);
  if (row.version !== run.seq || row.head_hash !== run.hash) {
    world.breaks('S14', `${run.runId} is at ${row.version}, its history at ${run.seq}`);
  }
  const stored = { ...asObject(row.terms), ...asObject(row.state) };
  const told: unknown = JSON.parse(JSON.stringify(run.state));
  if (!isDeepStrictEqual(stored, told))
    world.breaks('S17', `the state of ${run.runId} is not what its events say`);
  const due = dueAt(run.state as LiveRun);
  if (row.status !== run.state.status || row.due_at !== due) {
    world.breaks(
      'S17',
      `the row of ${run.runId} says ${row.status} until ${row.due_at}, its state ${run.state.status} until ${due}`,
    );
  }
};

const asObject = (text: string): object => JSON.parse(text) as object;

const dueAt = (run: LiveRun): number | null => {
  if (run.status === 'AwaitingApproval') return run.decideBy;
  return run.status === 'Approved' || run.status === 'Dispatching' ? (run.startBy ?? null) : null;
};
