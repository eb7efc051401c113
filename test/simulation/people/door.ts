import { handleMessage } from '../../../src/core/flows/handle-message.ts';
import type { Rooms } from '../../../src/core/flows/heard.ts';
import type { Inbound } from '../../../src/core/ports/channel.ts';
import { NOBODY } from '../time/virtual-time.ts';
import type { Chats } from '../world/chats.ts';
import { isUp, type World } from '../world/world.ts';
import { CATALOG } from './catalog.ts';
import { type Meaning, type Mouth, NOTHING } from './mouth.ts';

/** The door of the dev profile, which answers at once. Whoever gets no answer knocks again with the same key. */
export const newDoor = (world: World, mouth: () => Mouth, chats: Chats): (() => void) => {
  const dice = world.dice.people;
  const seen: string[] = [];
  let knocked = 0;
  const words = (): { readonly text: string; readonly means: Meaning } => {
    const runId = dice.pick([
      ...seen.slice(-4),
      ...chats.messages.flatMap((one) => one.runId ?? []).slice(-2),
    ]);
    const jobKey = dice.pick([...CATALOG.map(({ key }) => key), 'zzqwx']) ?? 'report';
    return dice.weighted<{ text: string; means: Meaning }>([
      [4, { text: `run ${jobKey}`, means: { verb: 'run', jobKey } }],
      [runId === undefined ? 0 : 4, { text: `yes ${runId}`, means: { verb: 'approve', runId: runId ?? '' } }],
      [1, { text: 'yes', means: { verb: 'approve' } }],
      [
        runId === undefined ? 0 : 0.7,
        { text: `no ${runId} because`, means: { verb: 'deny', runId: runId ?? '' } },
      ],
      [
        runId === undefined ? 0 : 0.7,
        { text: `cancel ${runId}`, means: { verb: 'cancel', runId: runId ?? '' } },
      ],
      [1, { text: 'status', means: NOTHING }],
    ]);
  };
  const ask = async (rooms: Rooms, inbound: Inbound): Promise<void> => {
    const { channel, account, eventKey, lane } = inbound;
    const { runId, outcome } = await handleMessage(rooms)(inbound, {
      kind: 'first',
      channel,
      account,
      eventKey,
      lane,
    });
    if (outcome === 'seen_before') world.counts('door: heard before');
    if (runId !== undefined) seen.push(runId);
  };
  const knock = (inbound: Inbound, tries: number): void => {
    const program = dice.pick(
      world.programs.filter((one) => one.kind === 'start' && one.rooms !== undefined),
    );
    const rooms = program?.rooms;
    if (program === undefined || rooms === undefined || !isUp(program)) return;
    world.time.after(1, () => void ask(rooms, inbound).catch(() => undefined), program);
    // Answered or not, some knock again.
    const again = tries < 3 && dice.chance(0.3);
    if (again) world.time.after(dice.between(3000, 9000), () => knock(inbound, tries + 1), NOBODY);
  };
  return () => {
    knocked += 1;
    const who = dice.pick(['dev:ana', 'dev:bob', 'dev:guest', 'dev:eve']) ?? 'dev:ana';
    const { text, means } = words();
    const eventKey = `knock-${knocked}`;
    const address = 'dev:ops';
    world.write(who, `says "${text}" at the door (${eventKey})`);
    mouth().remember('dev', eventKey, {
      identity: who,
      address,
      means,
      sentAtMs: 0,
      messageId: eventKey,
      isPress: false,
    });
    const base = {
      channel: 'dev',
      account: 'dev',
      eventKey,
      address,
      lane: address,
      messageId: eventKey,
    } as const;
    knock(
      { ...base, kind: 'text', from: { identity: who, name: who }, chat: 'private', addressed: true, text },
      1,
    );
  };
};
