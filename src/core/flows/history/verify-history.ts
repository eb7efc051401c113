import type { ChainRow, EventRow, IHistory, SealedHead } from '../../ports/history.ts';
import type { IRunRepository } from '../../ports/store.ts';
import type { Seal } from '../../runs/seal.ts';
import { type ChainWalk, chainWalk, type HistoryFault } from './chain-walk.ts';
import { type ChainRange, chainPages, type HistoryPage, historyPages, WHOLE } from './history-pages.ts';
import { publishedFault, type SealChecks, verifySeals } from './verify-seals.ts';

export interface Verdict {
  readonly events: number;
  readonly chains: number;
  readonly newest: Seal | undefined;
  /** Events that no seal covers yet. */
  readonly unsealed: number;
  /** Keys that signed. */
  readonly signers: ReadonlySet<string>;
  readonly fault?: HistoryFault;
}

export interface Verifiable {
  readonly history: IHistory;
  readonly runs: Pick<IRunRepository, 'misfits'>;
}

/** What a walk over some chains came to. Plain data, because another thread may have walked. */
export interface Walked {
  readonly events: number;
  readonly chains: number;
  readonly unsealed: number;
  /** The newest seal that a head names. */
  readonly sealNamed: number;
  readonly fault?: HistoryFault;
}

/** Walks over all chains, in as many ranges as it likes; the results come in the order of the ranges. */
export type Walk = (store: Verifiable) => Promise<readonly Walked[]>;

const alone: Walk = async (store) => [await walkRange(store, WHOLE)];

/** Reads everything, page by page, and stops at the first thing that does not fit. */
export const verifyHistory = async (
  store: Verifiable,
  checks: SealChecks,
  walk = alone,
): Promise<Verdict> => {
  const { history } = store;
  const seals = await verifySeals(history, checks, { newest: undefined, signers: new Set() });
  const walked = seals.fault === undefined ? await walk(store) : [];
  const tally = sumOf(walked);
  const fault = seals.fault ?? walked.find((one) => one.fault !== undefined)?.fault;
  // What was sealed meanwhile is named by the heads that were read.
  const {
    newest,
    signers,
    fault: later,
  } = fault === undefined ? await verifySeals(history, checks, seals) : seals;
  const last = fault ?? later ?? publishedFault(checks, newest) ?? inventedFault(tally, newest);
  const { events, chains, unsealed } = tally;
  return { events, chains, unsealed, newest, signers, ...(last !== undefined && { fault: last }) };
};

type Tally = { -readonly [K in Exclude<keyof Walked, 'fault'>]: number };

const newTally = (): Tally => ({ events: 0, chains: 0, unsealed: 0, sealNamed: 0 });

const sumOf = (walked: readonly Walked[]): Tally =>
  walked.reduce(
    (sum, { events, chains, unsealed, sealNamed }) => ({
      events: sum.events + events,
      chains: sum.chains + chains,
      unsealed: sum.unsealed + unsealed,
      sealNamed: Math.max(sum.sealNamed, sealNamed),
    }),
    newTally(),
  );

const inventedFault = ({ sealNamed }: Tally, newest: Seal | undefined): HistoryFault | undefined =>
  sealNamed <= (newest?.number ?? 0)
    ? undefined
    : { seal: sealNamed, words: 'there is no such seal, and heads are said to be sealed by it' };

/** Walks over the chains of one range, and stops at the first that does not hold. */
export const walkRange = async (store: Verifiable, range: ChainRange): Promise<Walked> => {
  const tally = newTally();
  const fault = await firstFaultIn(store, range, tally);
  return { ...tally, ...(fault !== undefined && { fault }) };
};

const firstFaultIn = async (
  store: Verifiable,
  range: ChainRange,
  tally: Tally,
): Promise<HistoryFault | undefined> => {
  const system = await store.history.row('system');
  const walk = rangeWalk(system, tally);
  for await (const page of historyPages(store.history, range)) {
    for (const chain of walk.take(page)) {
      const fault = await lookAgain(store, chain);
      if (fault !== undefined) return fault;
    }
  }
  // Its name comes behind those of all runs.
  const isMissed = range.upTo === undefined && system !== undefined && system.seq > 0 && !walk.metSystem();
  return isMissed ? lookAgain(store, 'system') : undefined;
};

/** Walks whole ranges and names the chains that need a second look. Nothing in it waits. */
const rangeWalk = (system: ChainRow | undefined, tally: Tally) => {
  let rows = new Map<string, ChainRow>();
  let heads = new Map<string, readonly SealedHead[]>();
  let walk: ChainWalk | undefined;
  let metSystem = false;
  const suspects: string[] = [];
  const begin = (chain: string): ChainWalk => {
    tally.chains += 1;
    if (chain === 'system') metSystem = true;
    return chainWalk(chain, heads.get(chain) ?? []);
  };
  const end = (): void => {
    if (walk === undefined) return;
    const { chain } = walk;
    const row = chain === 'system' ? system : rows.get(chain);
    if (walk.end(row) !== undefined || row?.suspect === true) suspects.push(chain);
    tally.unsealed += row === undefined ? 0 : row.seq - row.sealedSeq;
    rows.delete(chain);
    heads.delete(chain);
    walk = undefined;
  };
  const takeEvent = (event: EventRow): void => {
    if (walk?.chain !== event.chain) {
      end();
      walk = begin(event.chain);
    }
    walk.take(event);
  };
  return {
    metSystem: () => metSystem,
    take: (page: HistoryPage): readonly string[] => {
      for (const row of page.rows) rows.set(row.chain, row);
      for (const [chain, own] of Map.groupBy(page.heads, (head) => head.chain)) heads.set(chain, own);
      for (const { seal } of page.heads) tally.sealNamed = Math.max(tally.sealNamed, seal);
      page.events.forEach(takeEvent);
      tally.events += page.events.length;
      if (page.ends) {
        end();
        // Runs without a single event, and what was sealed and is gone.
        suspects.push(...new Set([...rows.keys(), ...heads.keys()]));
        rows = new Map();
        heads = new Map();
      }
      return suspects.splice(0);
    },
  };
};

/**
 * One chain by itself. Somebody may be working: a run that moved between the readings is read again, until what is wrong
 * with it stays wrong.
 */
const lookAgain = async ({ history, runs }: Verifiable, chain: string): Promise<HistoryFault | undefined> => {
  for (let look = 1; ; look += 1) {
    const row = await history.row(chain);
    const walk = chainWalk(chain, await history.headsOfChain(chain));
    for await (const { events } of chainPages(history, chain)) for (const event of events) walk.take(event);
    const fault = walk.end(row) ?? (await misfitFault(runs, row));
    if (fault === undefined || look === LOOKS_MAX) return fault;
    const now = await history.row(chain);
    if (now?.seq === row?.seq && now?.sealedSeq === row?.sealedSeq) return fault;
  }
};

const LOOKS_MAX = 5;

/** The state is right, but lists and deadlines go by columns that repeat it, and those are not. */
const misfitFault = async (
  runs: Verifiable['runs'],
  row: ChainRow | undefined,
): Promise<HistoryFault | undefined> => {
  if (row?.suspect !== true) return undefined;
  const columns = (await runs.misfits([row.chain])).get(row.chain);
  return columns === undefined
    ? undefined
    : {
        chain: row.chain,
        seq: row.seq,
        words: `its row was changed: ${columns.join(', ')} against the state`,
      };
};
