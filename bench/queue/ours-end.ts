import { parseCatalog } from '../../src/config/load-catalog.ts';
import { recordInstalledGates } from '../../src/core/flows/feature-gates.ts';
import { handleMessage } from '../../src/core/flows/handle-message.ts';
import type { Handled, Rooms } from '../../src/core/flows/heard.ts';
import type { Inbound } from '../../src/core/ports/channel.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { furnish } from '../../src/house.ts';
import { newKey } from '../../src/keys.ts';
import { observe } from '../databases.ts';
import { catalogYaml, JOBS } from './ours-catalog.ts';
import type { QueueModule } from './queue-end.ts';

// Ours, as somebody meets it who asks and says yes: the flow that every door calls, in this process, on the store. What a
// peer calls adding a job is the yes to a run that waits for it; the request has been made before the clock starts.

export const open: QueueModule['open'] = async (url) => {
  const store = await openStore({ url });
  await recordInstalledGates(store);
  await takeCatalog(store);
  const say = speaker(await roomsOf(store));
  const waiting: string[] = [];
  const observer = await observe(url);
  const approve = async (): Promise<string> => {
    const runId = waiting.shift();
    if (runId === undefined) throw new Error('no run waits for a yes');
    const { dispatched } = await say(`yes ${runId}`);
    if (!dispatched) throw new Error(`the yes to ${runId} did not put it into the queue`);
    return runId;
  };
  const request = async (job: string): Promise<string> => {
    const { runId } = await say(`run ${job}`);
    if (runId === undefined) throw new Error(`the request for ${job} made no run`);
    return runId;
  };
  return {
    prepare: async (count) => {
      waiting.push(...(await Promise.all(Array.from({ length: count }, () => request(JOBS.noop)))));
    },
    add: async () => ({ id: await approve() }),
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
const speaker = (rooms: Rooms) => {
  const handle = handleMessage(rooms);
  let said = 0;
  return async (text: string): Promise<Handled> => {
    said += 1;
    const origin = { channel: 'dev', account: 'dev', eventKey: newKey(), lane: `dev:ops-${said % 500}` };
    const inbound: Inbound = {
      kind: 'text',
      ...origin,
      address: origin.lane,
      from: { identity: 'dev:ana', name: 'ana' },
      chat: 'private',
      addressed: true,
      text,
      messageId: origin.eventKey,
    };
    return handle(inbound, { kind: 'first', ...origin });
  };
};
