import {
  GATE_NAMES,
  type GateName,
  type GateProposal,
  type GateState,
  isGateName,
} from '../../core/jobs/feature-gates.ts';
import type { IGates } from '../../core/ports/upkeep.ts';
import { given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { recentRead } from '../recent.ts';
import { rows, type Steps } from '../steps.ts';

/** The queue asks with every dispatch, and what a gate says rarely changes. */
const cacheMs = 1000;

export interface GateCache {
  readonly gates: IGates;
  /** A change of this process; what is remembered is worth nothing now. */
  readonly forget: () => void;
}

export const gatesOf = (engine: Engine): GateCache => {
  const read = (): Promise<readonly GateState[]> => engine.read(states);
  const { recent, forget } = recentRead(cacheMs, read);
  return {
    gates: {
      list: read,
      find: async (name) => (await recent()).find((state) => state.name === name) ?? { name, open: false },
      unrecorded: () => engine.read(unrecorded),
    },
    forget,
  };
};

interface Row {
  readonly name: string;
  readonly open: number;
  readonly value: number | null;
  readonly changed_by: string;
  readonly changed_at: number;
}

interface ProposalRow {
  readonly name: string;
  readonly value: number;
  readonly person_id: string;
  readonly proposed_by: string;
  readonly at: number;
}

const SELECT = 'select name, open, value, changed_by, changed_at from gates';
const PROPOSALS = 'select name, value, person_id, proposed_by, at from gate_proposals';

function* states(): Steps<readonly GateState[]> {
  const found = new Map((yield* rows<Row>(SELECT)).map((row) => [row.name, row]));
  const wanted = new Map((yield* rows<ProposalRow>(PROPOSALS)).map((row) => [row.name, row]));
  return GATE_NAMES.map((name): GateState => {
    const row = found.get(name);
    const state = row === undefined ? { name, open: false } : stateOf(name, row);
    return { ...state, ...given('proposed', proposalOf(wanted.get(name))) };
  });
}

const proposalOf = (row: ProposalRow | undefined): GateProposal | undefined =>
  row === undefined
    ? undefined
    : { value: row.value, personId: row.person_id, by: row.proposed_by, at: row.at };

const stateOf = (name: GateName, row: Row) => ({
  name,
  open: row.open === 1,
  ...given('value', row.value),
  by: row.changed_by,
  at: row.changed_at,
});

function* unrecorded(): Steps<Awaited<ReturnType<IGates['unrecorded']>>> {
  const found = yield* rows<Row>(`${SELECT} where recorded = 0 order by name`);
  return found.flatMap((row) => (isGateName(row.name) ? [stateOf(row.name, row)] : []));
}
