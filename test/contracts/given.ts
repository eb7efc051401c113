import { type JobSpec, plainSpec } from '../../src/core/jobs/job.ts';
import type { Actor, Person } from '../../src/core/people/person.ts';
import type { Inbound } from '../../src/core/ports/channel.ts';
import type { Commit, Draft, QueueEntry } from '../../src/core/ports/commit.ts';
import type { Outgoing, Settlement, Store, StoredRun } from '../../src/core/ports/store.ts';
import { GENESIS, link } from '../../src/core/runs/chain.ts';
import type { RunCommand } from '../../src/core/runs/command.ts';
import { decide } from '../../src/core/runs/decide.ts';
import type { RunEvent } from '../../src/core/runs/event.ts';
import { evolve, fold } from '../../src/core/runs/evolve.ts';
import { absent, type RunState } from '../../src/core/runs/run.ts';

/** A store to prove things about, and a second door to the same data where there is one. */
export interface Backend {
  readonly store: Store;
  /** The same data through a connection of its own; in memory there is only one. */
  readonly other: Store;
  close(): Promise<void>;
}

export const T0 = 1_800_000_000_000;
export const unlimited = Number.MAX_SAFE_INTEGER;

export const ana: Person = {
  id: 'ana',
  name: 'Ana',
  roles: ['owner', 'operator', 'approver'],
  identities: ['dev:ana'],
};
export const byAna: Actor = { kind: 'person', person: ana, identity: 'dev:ana' };
const bySystem: Actor = { kind: 'system' };

export const spec = (over: Partial<JobSpec> = {}): JobSpec =>
  plainSpec({ title: 'Backup', target: { kind: 'demo' }, ...over });

export const nothing = { queue: [], outbox: [] } as const;

export const request = (
  runId: string,
  over: { at?: number; address?: string; jobKey?: string; spec?: JobSpec } = {},
): RunCommand => ({
  type: 'request',
  runId,
  job: { key: over.jobKey ?? 'backup', version: 1, source: 'file', spec: over.spec ?? spec() },
  params: {},
  defaulted: [],
  by: byAna,
  origin: { channel: 'dev', address: over.address ?? 'dev:ops', chat: 'group' },
  selfApproval: true,
  neverAccepted: false,
  files: {},
  at: over.at ?? T0,
});

export const approve = (at = T0 + 1): RunCommand => ({ type: 'approve', by: byAna, at });
export const cancel = (at = T0 + 2): RunCommand => ({ type: 'cancel', by: byAna, at });
export const nudge = (at: number): RunCommand => ({
  type: 'notify',
  by: bySystem,
  addresses: ['dev:boss'],
  at,
});
export const expire = (at: number): RunCommand => ({ type: 'expire', by: bySystem, at });

/** What a command makes of a run, ready to commit; the rules are the real ones. */
export const change = (stored: StoredRun | undefined, command: RunCommand, runId: string): Commit => {
  const before: RunState = stored?.state ?? absent;
  const decision = decide(before, command);
  if (!decision.ok) throw new Error(`the rules refuse ${command.type}: ${decision.refusal.why}`);
  const state = decision.events.reduce<RunState>((now, event) => evolve(now, event, runId), before);
  if (state.status === 'absent') throw new Error('the run did not come to be');
  const head = { seq: stored?.version ?? 0, hash: stored?.headHash ?? GENESIS };
  const events = link(runId, head, decision.events);
  return { ...nothing, run: { state, expectedVersion: head.seq, events }, at: command.at };
};

/** Commits one command on the newest state. */
export const act = async (store: Store, runId: string, command: RunCommand, over: Partial<Commit> = {}) => {
  const stored = await run(store, runId);
  const [outcome] = await store.runs.commit([{ ...change(stored, command, runId), ...over }]);
  return outcome;
};

export const run = async (store: Store, runId: string): Promise<StoredRun | undefined> =>
  (await store.runs.find([runId])).get(runId);

export const refold = async (store: Store, runId: string): Promise<RunState> =>
  // Stored events are run events, or the fold would not agree with the state.
  fold((await store.runs.history(runId)) as readonly RunEvent[], runId);

export const entry = (runId: string, over: Partial<QueueEntry> = {}): QueueEntry => ({
  runId,
  epoch: 1,
  attempt: 1,
  jobKey: 'backup',
  priority: 0,
  concurrency: unlimited,
  notBefore: T0,
  fence: 0,
  ...over,
});

export const enqueue = (...entries: readonly QueueEntry[]): Commit => ({
  queue: entries.map((one) => ({ op: 'add', entry: one })),
  outbox: [],
  at: T0,
});

export const dequeue = (runId: string): Commit => ({ queue: [{ op: 'remove', runId }], outbox: [], at: T0 });

export const note = (key: string, over: Partial<Draft> = {}): Draft => ({
  key,
  address: 'dev:ops',
  priority: 0,
  content: { kind: 'note', note: { lines: [[key]], actions: [] } },
  ...over,
});

export const card = (key: string, runId: string, over: Partial<Draft> = {}): Draft => ({
  ...note(key),
  runId,
  content: {
    kind: 'card',
    card: { runId, mark: '', title: key, badges: [], lines: [], actions: [] },
  },
  ...over,
});

export const send = (...outbox: readonly Draft[]): Commit => ({ queue: [], outbox, at: T0 });

export const text = (eventKey: string, over: { lane?: string; text?: string } = {}): Inbound => ({
  kind: 'text',
  channel: 'dev',
  account: 'dev',
  eventKey,
  address: over.lane ?? 'dev:ops',
  lane: over.lane ?? 'dev:ops',
  from: { identity: 'dev:ana', name: 'Ana' },
  chat: 'private',
  text: over.text ?? 'help',
  addressed: true,
  messageId: eventKey,
});

/** The inbox number of one message, as the pump learns it. */
export const arrive = async (store: Store, eventKey: string, lane = eventKey): Promise<number> => {
  await store.inbox.accept([text(eventKey, { lane })], T0);
  const heads = await claimIn(store, { limit: 100 });
  const found = heads.find(({ inbound }) => inbound.eventKey === eventKey);
  if (found === undefined) throw new Error(`${eventKey} is not waiting`);
  return found.inboxId;
};

export const claimIn = async (
  store: Store,
  over: { at?: number; limit?: number; owner?: string; busy?: readonly string[] } = {},
) =>
  store.inbox.claim({
    owner: over.owner ?? 'pump',
    busy: over.busy ?? [],
    limit: over.limit ?? 10,
    at: over.at ?? T0,
    until: (over.at ?? T0) + 1_000,
  });

export const claimRuns = async (store: Store, limit = 10, at = T0, workerId = 'w1') =>
  store.queue.claim({ workerId, limit, at, leaseMs: 1_000 });

export const claimOut = async (store: Store, over: { at?: number; limit?: number; owner?: string } = {}) =>
  store.outbox.claim({
    owner: over.owner ?? 'sender',
    limit: over.limit ?? 10,
    at: over.at ?? T0,
    until: (over.at ?? T0) + 1_000,
    channels: ['dev'],
  });

export const keysOf = (sent: readonly { readonly draft: Draft }[]): readonly string[] =>
  sent.map(({ draft }) => draft.key);

const claimOf = (head: Outgoing | undefined) => ({ outboxId: head?.outboxId ?? 0, until: head?.until ?? 0 });

export const gone = (head: Outgoing | undefined): Extract<Settlement, { k: 'dead' }> => ({
  ...claimOf(head),
  k: 'dead',
  error: 'gone',
});

export const later = (head: Outgoing | undefined, at = T0): Settlement => ({
  ...claimOf(head),
  k: 'later',
  at,
  attempt: true,
  ambiguous: true,
  error: 'e',
});
