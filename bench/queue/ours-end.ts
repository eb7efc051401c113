import { parseCatalog } from '../../src/config/load-catalog.ts';
import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { Handled, Rooms } from '../../src/core/flows/messages/heard.ts';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import type { Inbound } from '../../src/core/ports/channel.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { furnish } from '../../src/program/house.ts';
import { newKey } from '../../src/program/keys.ts';
import { observe } from '../databases.ts';
import { catalogYaml, JOBS } from './ours-catalog.ts';
import type { Kind, QueueModule, Wanted } from './queue-end.ts';

// Ours, as somebody meets it who asks and says yes: the flow that every door calls, in this process, on the store. What a
// peer calls adding a job is the yes to a run that waits for it; the request has been made before the clock starts.

export const open: QueueModule['open'] = async (url, tuning) => {
  const store = await openStore({ url });
  await recordInstalledGates(store);
  await takeCatalog(store);
  const rooms = await roomsOf(store);
  const say = speaker(rooms);
  const yes = tuning === 'message' ? byMessage(say) : await byCommand(rooms);
  const waiting = new Map<string, Asked[]>();
  let requests = 0;
  const observer = await observe(url);
  const approve = async ({ kind }: Pick<Wanted, 'kind'>): Promise<string> => {
    // Any of them will do; the last is the cheapest to take out.
    const asked = waiting.get(jobOf(kind))?.pop();
    if (asked === undefined) throw new Error('no run waits for a yes');
    const dispatched = await yes(asked);
    if (!dispatched) throw new Error(`the yes to ${asked.runId} did not put it into the queue`);
    return asked.runId;
  };
  const request = async (job: string): Promise<Asked> => {
    requests += 1;
    const conversation = `dev:ops-${requests % CONVERSATIONS}`;
    const { runId } = await say(conversation, `run ${job}`);
    if (runId === undefined) throw new Error(`the request for ${job} made no run`);
    return { runId, conversation };
  };
  return {
    prepare: async (count, kind) => {
      const job = jobOf(kind);
      const asked = await Promise.all(Array.from({ length: count }, () => request(job)));
      waiting.set(job, [...(waiting.get(job) ?? []), ...asked]);
    },
    add: async (wanted) => ({ id: await approve(wanted) }),
    addMany: async (jobs) => {
      await Promise.all(jobs.map(approve));
    },
    left: async () => LEFT[await observer.number(ALIVE)] ?? 'waiting',
    close: async () => {
      await observer[Symbol.asyncDispose]();
      await store.close();
    },
  };
};

const jobOf = (kind: Kind | undefined): string =>
  kind === undefined || kind === 'low' ? JOBS.noop : JOBS[kind];

const CONVERSATIONS = 500;

interface Asked {
  readonly runId: string;
  readonly conversation: string;
}

/** Answers whether the run is in the queue now. */
type Yes = (asked: Asked) => Promise<boolean>;
type Say = (conversation: string, text: string) => Promise<Handled>;

const byMessage =
  (say: Say): Yes =>
  async ({ runId, conversation }) =>
    (await say(conversation, `yes ${runId}`)).dispatched;

/** The yes itself, as every door hands it to the orchestrator: no words to be read and none to be answered. */
const byCommand = async ({ directory, orchestrator, store }: Rooms): Promise<Yes> => {
  const identity = 'dev:ana';
  const person = await directory.whoIs(identity);
  if (person === undefined) throw new Error(`nobody is ${identity}`);
  return async ({ runId }) => {
    const at = await store.now();
    const executed = await orchestrator.execute({
      runId,
      command: () => ({ type: 'approve', by: { kind: 'person', person, identity }, at }),
    });
    return executed.outcome === 'committed' && executed.after.status === 'Dispatching';
  };
};

const LEFT = ['nothing', 'closing', 'waiting'] as const;
/** Asked of the index of living runs, so that it costs the same whatever tables a queue is made of. */
const ALIVE =
  "select case when exists (select 1 from runs where status = 'Dispatching' and ended_at is null) then 2 " +
  "when exists (select 1 from runs where status = 'Running' and ended_at is null) then 1 else 0 end";

const takeCatalog = async (store: Store): Promise<void> => {
  const parsed = parseCatalog(catalogYaml, { fileName: 'textops.yaml', format: 'yaml' });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  await store.catalog.replaceFileJobs(parsed.catalog.jobs, 'file', await store.now());
};

const roomsOf = async (store: Store): Promise<Rooms> =>
  furnish({
    store,
    profile: 'dev',
    version: 'bench',
    leaseMs: 30_000,
    buttonToken: () => newKey(),
    // No job here runs a file.
    fingerprint: async () => ({}),
    observe: () => undefined,
    cards: () => false,
    channels: () => [],
    startedAt: await store.now(),
  });

/** A message of Ana's over a synchronous door, as POST /dev/inbound hands it in. */
const speaker = (rooms: Rooms): Say => {
  const handle = handleMessage(rooms);
  return async (conversation, text) => {
    const origin = { channel: 'dev', account: 'dev', eventKey: newKey(), lane: conversation };
    const inbound: Inbound = {
      kind: 'text',
      ...origin,
      address: conversation,
      from: { identity: 'dev:ana', name: 'ana' },
      chat: 'private',
      addressed: true,
      text,
      messageId: origin.eventKey,
    };
    return handle(inbound, { kind: 'first', ...origin });
  };
};
