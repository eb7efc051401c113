import { expect } from 'vitest';
import { verifyHistory } from '../../src/core/flows/history/verify-history.ts';
import type { SealChecks } from '../../src/core/flows/history/verify-seals.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import type { RunEvent, StoredEvent } from '../../src/core/runs/event.ts';
import { evolve, fold } from '../../src/core/runs/evolve.ts';
import { absent, type LiveRun, type RunState, type RunStatus } from '../../src/core/runs/run.ts';
import { verifier } from '../../src/seals/ed25519.ts';

/** What the contract lets a state lead to (docs/state-machine.md); written again, so that two have to agree. */
const LEADS_TO: Readonly<Record<RunStatus | 'absent', readonly RunStatus[]>> = {
  absent: ['Created'],
  Created: ['AwaitingApproval', 'Approved', 'Canceled'],
  AwaitingApproval: ['Approved', 'Denied', 'Expired', 'Canceled', 'Failed'],
  Approved: ['Dispatching', 'Expired', 'Canceled', 'AwaitingApproval'],
  Dispatching: ['Running', 'Expired', 'Canceled', 'AwaitingApproval'],
  Running: ['Succeeded', 'Failed', 'Canceled', 'Dispatching', 'AwaitingApproval'],
  Succeeded: [],
  Failed: ['AwaitingApproval'],
  Denied: [],
  Canceled: ['AwaitingApproval'],
  Expired: ['AwaitingApproval'],
};

/** After every story: each history verifies, gives the stored state when it is folded, and breaks no promise. */
export const auditStore = async (store: Pick<Store, 'runs' | 'history'>): Promise<void> => {
  const { runs } = store;
  expect((await verifyHistory(store, nobodyKnown)).fault).toBeUndefined();
  for (let after: string | undefined; ; ) {
    const chains = await runs.chains(after, 100);
    for (const chain of chains) await auditChain(runs, chain);
    after = chains.at(-1);
    if (after === undefined) return;
  }
};

/** Whose key it is, the story itself asks. */
const nobodyKnown: SealChecks = {
  verifies: verifier(),
  keys: new Set(),
  published: new Map(),
  publishedIn: '',
};

const auditChain = async (runs: Store['runs'], chain: string): Promise<void> => {
  const history = await runs.history(chain);
  expect(firstFault(history), `the chain of ${chain}`).toBeUndefined();
  const last = history.at(-1);
  if (chain === 'system') {
    expect(await runs.head('system')).toEqual({ seq: last?.seq, hash: last?.hash });
    return;
  }
  const stored = (await runs.find([chain])).get(chain);
  expect({ version: stored?.version, headHash: stored?.headHash }).toEqual({
    version: last?.seq,
    headHash: last?.hash,
  });
  const events = history.map(runEvent);
  expect(fold(events, chain), `the state of ${chain}`).toEqual(stored?.state);
  auditSteps(events, chain);
  auditStarts(events);
};

const auditSteps = (events: readonly RunEvent[], chain: string): void => {
  let before: RunState = absent;
  for (const event of events) {
    const now = evolve(before, event, chain);
    if (now.status !== before.status) {
      const allowed: readonly string[] = passing(before.status, event).flatMap((status) => LEADS_TO[status]);
      expect(allowed, `${chain}: ${before.status}, ${event.type}`).toContain(now.status);
    }
    before = now;
  }
};

/** A lost run that starts again, or asks, passes no state of its own between the two events of one command. */
const passing = (status: RunState['status'], event: RunEvent): readonly RunState['status'][] =>
  event.type === 'ExecutionRetried' ? [status, 'Running'] : [status];

/** Nothing starts without an approval of its epoch, and twice only what is idempotent and light. */
const auditStarts = (events: readonly RunEvent[]): void => {
  const first = events[0];
  const careless =
    first?.type === 'RunCreated' && first.payload.effects === 'idempotent' && !first.payload.heavy;
  const approved = new Set<number>();
  const started = new Set<number>();
  for (const { type, payload } of events) {
    if (type === 'RunApproved') approved.add(payload.epoch);
    if (type !== 'ExecutionStarted') continue;
    expect(approved, 'a start without an approval').toContain(payload.epoch);
    if (!careless) expect(started, 'a second start').not.toContain(payload.epoch);
    started.add(payload.epoch);
  }
};

const runEvent = ({ type, at, actor, payload }: StoredEvent): RunEvent =>
  // The history holds what core wrote; a changed payload would have been found by its hash.
  ({ type, at, actor, payload }) as RunEvent;

export const liveRun = async ({ runs }: Pick<Store, 'runs'>, runId: string): Promise<LiveRun> => {
  const run = (await runs.find([runId])).get(runId)?.state;
  if (run === undefined) throw new Error(`there is no run ${runId}`);
  return run;
};
