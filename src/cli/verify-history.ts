import type { IRunRepository, StoredRun } from '../core/ports/store.ts';
import { canonical } from '../core/runs/canonical.ts';
import { firstFault, GENESIS } from '../core/runs/chain.ts';
import { asRunEvent, type StoredEvent } from '../core/runs/event.ts';
import { fold } from '../core/runs/evolve.ts';

export interface HistoryFault {
  /** The run, or `system`. */
  readonly chain: string;
  readonly seq: number;
  readonly words: string;
}

export interface Verdict {
  readonly events: number;
  readonly chains: number;
  readonly fault?: HistoryFault;
}

type Runs = Pick<IRunRepository, 'chains' | 'history' | 'find' | 'list' | 'head' | 'misfits'>;

/** Reads the whole history page by page and stops at the first thing that does not fit. */
export const verifyHistory = async (runs: Runs): Promise<Verdict> => {
  const seen = new Set<string>();
  let events = 0;
  for (let after: string | undefined; ; ) {
    const page = await runs.chains(after, PAGE);
    const misfits = await runs.misfits(page);
    for (const chain of page) {
      const { count, fault: broken } = await verifyChain(runs, chain);
      seen.add(chain);
      events += count;
      const fault = broken ?? misfitFault(chain, count, misfits.get(chain));
      if (fault !== undefined) return { events, chains: seen.size, fault };
    }
    after = page.at(-1);
    if (page.length < PAGE) break;
  }
  const missing = (await missingSystemChain(runs, seen)) ?? (await runWithoutHistory(runs, seen));
  return { events, chains: seen.size, ...(missing !== undefined && { fault: missing }) };
};

const PAGE = 100;

const verifyChain = async (
  runs: Runs,
  chain: string,
): Promise<{ readonly count: number; readonly fault?: HistoryFault }> => {
  for (let look = 1; ; look += 1) {
    const head = await headOf(runs, chain);
    const history = await runs.history(chain);
    // Somebody is working: the run moved between the two readings, so both are read again.
    const moved = head !== undefined && history.length !== head.seq && look < LOOKS_MAX;
    if (moved) continue;
    const fault = faultOf(chain, head, history);
    return { count: history.length, ...(fault !== undefined && { fault }) };
  }
};

const LOOKS_MAX = 5;

interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly run?: StoredRun;
}

const headOf = async (runs: Runs, chain: string): Promise<Head | undefined> => {
  if (chain === 'system') return runs.head('system');
  const run = (await runs.find([chain])).get(chain);
  return run === undefined ? undefined : { seq: run.version, hash: run.headHash, run };
};

const faultOf = (
  chain: string,
  head: Head | undefined,
  history: readonly StoredEvent[],
): HistoryFault | undefined => {
  const broken = firstFault(history);
  if (broken !== undefined) {
    const words = broken.fault === 'gap' ? 'is missing' : 'was changed: its hash does not match';
    return { chain, seq: broken.seq, words: `event ${broken.seq} ${words}` };
  }
  const last = history.at(-1)?.seq ?? 0;
  if (head === undefined)
    return { chain, seq: last, words: 'it has a history, but the run itself is missing' };
  if (head.seq > last) return { chain, seq: last + 1, words: `event ${last + 1} is missing` };
  if (head.seq < last || head.hash !== (history.at(-1)?.hash ?? GENESIS)) {
    return { chain, seq: last, words: `the head does not name event ${last}` };
  }
  if (head.run === undefined) return undefined;
  // What is stored was made from these events and nothing else, so making it again must give the same.
  return canonical(fold(history.map(asRunEvent), chain)) === canonical(head.run.state)
    ? undefined
    : { chain, seq: last, words: `the state does not follow from the ${last} events` };
};

/** The state is right, but lists and deadlines go by columns that repeat it, and those are not. */
const misfitFault = (
  chain: string,
  seq: number,
  columns: readonly string[] | undefined,
): HistoryFault | undefined =>
  columns === undefined
    ? undefined
    : { chain, seq, words: `its row was changed: ${columns.join(', ')} against the state` };

const missingSystemChain = async (
  runs: Runs,
  seen: ReadonlySet<string>,
): Promise<HistoryFault | undefined> =>
  !seen.has('system') && (await runs.head('system')).seq > 0
    ? { chain: 'system', seq: 1, words: 'event 1 is missing' }
    : undefined;

/** Whoever deletes a whole history leaves the run behind. */
const runWithoutHistory = async (
  runs: Runs,
  seen: ReadonlySet<string>,
): Promise<HistoryFault | undefined> => {
  for (let cursor: string | undefined; ; ) {
    const page = await runs.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { state } of page.runs) {
      // A run that began while we were reading has its history by now.
      if (!seen.has(state.runId) && (await runs.history(state.runId)).length === 0) {
        return { chain: state.runId, seq: 1, words: 'event 1 is missing' };
      }
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return undefined;
  }
};
