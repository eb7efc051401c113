import { board, TRANSITIONS } from '../../runs/board.ts';
import { RUN_STATUSES } from '../../runs/run.ts';
import type { Line } from '../cards/rich.ts';

/** `/ops states`: the stored states, their names on the board, and where each may go. */
export const boardLines = (): readonly Line[] =>
  RUN_STATUSES.map((status): Line => {
    const next = TRANSITIONS[status];
    return [`${status} (${board(status)}) → ${next.length === 0 ? 'nothing; it is final' : next.join(', ')}`];
  });
