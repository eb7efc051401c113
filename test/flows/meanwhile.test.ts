import { expect } from 'vitest';
import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { ButtonPress, Inbound } from '../../src/core/ports/channel.ts';
import type { LiveRun } from '../../src/core/runs/run.ts';
import { minutes } from '../cast.ts';
import { onEveryStore, type Town } from './town.ts';

// Between the look at a run and the decision about it the run may have moved on.

const GROUP = 'telegram:-100';

const base = (town: Town, eventKey: string) =>
  ({
    channel: 'telegram',
    account: 'bot',
    eventKey,
    address: GROUP,
    lane: GROUP,
    sentAtMs: town.now(),
    from: { identity: 'telegram:42', name: 'bob' },
    chat: 'group',
    messageId: '700',
  }) as const;

/** Handles a message as the program does; after its first look at the run something else happens. */
const hear = async (town: Town, inbound: Inbound, meanwhile: () => Promise<void>) => {
  const { store, orchestrator } = town.rooms;
  await store.inbox.accept([inbound], town.now());
  const at = town.now();
  const [waiting] = await store.inbox.claim({ owner: 'town', busy: [], limit: 1, at, until: at });
  if (waiting === undefined) throw new Error('the inbox is empty');
  const interrupted: typeof orchestrator = {
    execute: async (order) => {
      await meanwhile();
      return orchestrator.execute(order);
    },
  };
  const handle = handleMessage({ ...town.rooms, orchestrator: interrupted });
  return handle(waiting.inbound, { kind: 'mark', inboxId: waiting.inboxId });
};

const askedAnew = (town: Town, runId: string) => async (): Promise<void> => {
  town.passes(minutes(1));
  // In a conversation of its own: in the group the message that is being handled comes first.
  const elsewhere = town.chat('telegram:41');
  await elsewhere.says('ana', `cancel ${runId}`);
  await elsewhere.says('ana', `recover ${runId}`);
};

const pressOf = (town: Town, { runId, epoch, digest }: LiveRun): ButtonPress => ({
  verb: 'ap',
  runId,
  pressId: 'press',
  token: town.rooms.ambient.buttonToken({ verb: 'ap', runId, epoch, digest }),
});

onEveryStore((story) => {
  story('a button approves the epoch that it was shown for, and none that begins meanwhile', async (town) => {
    const runId = await town.chat(GROUP).asks('ana', 'run backup');
    const press = pressOf(town, await town.run(runId));
    const inbound = { ...base(town, 'press'), kind: 'button', press } as const;
    const handled = await hear(town, inbound, askedAnew(town, runId));
    expect(handled.answer?.text).toBe('This button is out of date; use the newest card. Nothing changed.');
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 2, votes: [] });
  });

  story('a typed yes answers no question that is asked while it is being handled', async (town) => {
    const runId = await town.chat(GROUP).asks('ana', 'run backup');
    const inbound = { ...base(town, 'yes'), kind: 'text', text: `yes ${runId}`, addressed: true } as const;
    await hear(town, inbound, askedAnew(town, runId));
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 2, votes: [] });
    expect(await town.chat(GROUP).hears()).toContain(
      `${runId} (backup) has asked anew meanwhile; answer the newest question. Nothing changed.`,
    );
  });
});
