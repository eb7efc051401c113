import type { ChainRow, EventRow, SealedHead } from '../../ports/history.ts';
import { canonical } from '../../runs/canonical.ts';
import { follows, GENESIS } from '../../runs/chain.ts';
import { equal } from '../../runs/equal.ts';
import { asRunEvent } from '../../runs/event.ts';
import { evolve } from '../../runs/evolve.ts';
import { absent, type RunState } from '../../runs/run.ts';

/** What is wrong with a history, and where. */
export interface HistoryFault {
  /** The run, or `system`; absent when a seal is wrong by itself. */
  readonly chain?: string;
  readonly seq?: number;
  readonly seal?: number;
  readonly words: string;
}

/** One chain from its first event to its last, against what the seals and its row say about it. */
export interface ChainWalk {
  readonly chain: string;
  take(event: EventRow): void;
  /** The first fault of all. */
  end(row: ChainRow | undefined): HistoryFault | undefined;
}

/** `heads` by `seq`. Remembers only where it stands, so that a chain may be as long as it likes. */
export const chainWalk = (chain: string, heads: readonly SealedHead[]): ChainWalk => {
  const at: Position = { chain, seq: 0, hash: GENESIS, state: absent, headsPassed: 0 };
  let fault: HistoryFault | undefined;
  return {
    chain,
    take: (event) => {
      if (fault === undefined) fault = step(at, event, heads);
    },
    end: (row) => fault ?? faultAtEnd(at, heads, row),
  };
};

interface Position {
  readonly chain: string;
  seq: number;
  hash: string;
  state: RunState;
  headsPassed: number;
}

const step = (at: Position, event: EventRow, heads: readonly SealedHead[]): HistoryFault | undefined => {
  const { chain } = at;
  const seq = at.seq + 1;
  if (event.seq !== seq) return { chain, seq, words: `event ${seq} is missing` };
  if (!follows(at.hash, event))
    return { chain, seq, words: `event ${seq} was changed: its hash does not match` };
  const head = heads[at.headsPassed];
  if (head?.seq === seq) {
    if (head.hash !== event.hash) {
      return {
        chain,
        seq,
        seal: head.seal,
        words: `event ${seq} is not the one that seal ${head.seal} names`,
      };
    }
    at.headsPassed += 1;
  }
  at.seq = seq;
  at.hash = event.hash;
  if (chain === 'system') return undefined;
  const state = evolved(at.state, event);
  if (state === undefined) return { chain, seq, words: `event ${seq} says what no event of a run says` };
  at.state = state;
  return undefined;
};

/** Undefined for what core never wrote, chained as it may be. */
const evolved = (state: RunState, event: EventRow): RunState | undefined => {
  const { chain, type, at, actor } = event;
  try {
    const payload: unknown = JSON.parse(event.payload);
    return evolve(state, asRunEvent({ type, at, actor, payload }), chain);
  } catch {
    return undefined;
  }
};

const faultAtEnd = (
  at: Position,
  heads: readonly SealedHead[],
  row: ChainRow | undefined,
): HistoryFault | undefined => {
  const { chain, seq } = at;
  const left = heads[at.headsPassed];
  if (seq === 0 && row === undefined && left !== undefined) {
    return { chain, seq: 1, seal: left.seal, words: `all of it is gone, and seal ${left.seal} names it` };
  }
  if (row === undefined) {
    const what = chain === 'system' ? 'its head' : 'the run itself';
    return { chain, seq, words: `it has a history, but ${what} is missing` };
  }
  if (left !== undefined) {
    const words = `event ${seq + 1} is missing: seal ${left.seal} names event ${left.seq}`;
    return { chain, seq: seq + 1, seal: left.seal, words };
  }
  if (row.seq > seq) return { chain, seq: seq + 1, words: `event ${seq + 1} is missing` };
  if (row.seq < seq || row.hash !== at.hash) {
    return { chain, seq, words: `the head does not name event ${seq}` };
  }
  return stateFault(at, row) ?? sealedFault(at, heads, row);
};

/** What is stored was made from these events and nothing else, so making it again must give the same. */
const stateFault = ({ chain, seq, state }: Position, row: ChainRow): HistoryFault | undefined => {
  if (row.state === undefined) return undefined;
  if (row.state === 'unreadable') return { chain, seq, words: 'its state cannot be read' };
  // The text of both decides; that they are equal value by value is only found sooner.
  return equal(state, row.state) || canonical(state) === canonical(row.state)
    ? undefined
    : { chain, seq, words: `the state does not follow from the ${seq} events` };
};

/** Whoever says that a chain is sealed further than it is keeps it from being sealed. */
const sealedFault = (
  { chain, seq }: Position,
  heads: readonly SealedHead[],
  { sealedSeq }: ChainRow,
): HistoryFault | undefined => {
  const sealed = heads.at(-1)?.seq ?? 0;
  return sealedSeq === sealed
    ? undefined
    : {
        chain,
        seq,
        words: `its row says that it is sealed up to event ${sealedSeq}; the seals say ${sealed}`,
      };
};
