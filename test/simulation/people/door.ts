import { handleMessage } from '../../../src/core/flows/messages/handle-message.ts';
import type { Inbound } from '../../../src/core/ports/channel.ts';
import type { Dice } from '../time/dice.ts';
import { NOBODY } from '../time/virtual-time.ts';
import type { Chats } from '../world/chats.ts';
import { isUp, type World } from '../world/world.ts';
import { CATALOG } from './catalog.ts';
import { type Meaning, type Mouth, NOTHING } from './mouth.ts';

/** The door of the dev profile, which answers at once. Whoever gets no answer may knock again with the same key. */
export const newDoor = (world: World, mouth: () => Mouth, chats: Chats): (() => void) => {
  const dice = world.dice.people;
  const seen: string[] = [];
  let knocked = 0;
  return () => {
    knocked += 1;
    const who = dice.pick(['dev:ana', 'dev:bob', 'dev:guest', 'dev:eve']) ?? 'dev:ana';
    const known = [...seen.slice(-4), ...chats.messages.flatMap((one) => one.runId ?? []).slice(-2)];
    const { text, means } = wordsAbout(dice, dice.pick(known));
    const eventKey = `knock-${knocked}`;
    world.write(who, `says "${text}" at the door (${eventKey})`);
    const one = { identity: who, address: ADDRESS, means, sentAtMs: 0, messageId: eventKey, isPress: false };
    mouth().remember('dev', eventKey, one);
    knock(world, inboundOf(who, eventKey, text), seen, 1);
  };
};

const ADDRESS = 'dev:ops';

interface Words {
  readonly text: string;
  readonly means: Meaning;
}

const wordsAbout = (dice: Dice, runId: string | undefined): Words => {
  // A key that no catalog knows is tried out as a demonstration.
  const jobKey = dice.pick([...CATALOG.map(({ key }) => key), 'zzqwx']) ?? 'report';
  const ofRun = (weight: number, verb: 'approve' | 'deny' | 'cancel', words: string) =>
    [runId === undefined ? 0 : weight, { text: words, means: { verb, runId: runId ?? '' } }] as const;
  return dice.weighted<Words>([
    [4, { text: `run ${jobKey}`, means: { verb: 'run', jobKey } }],
    ofRun(4, 'approve', `yes ${runId}`),
    [1, { text: 'yes', means: { verb: 'approve' } }],
    ofRun(0.7, 'deny', `no ${runId} because`),
    ofRun(0.7, 'cancel', `cancel ${runId}`),
    [1, { text: 'status', means: NOTHING }],
  ]);
};

const inboundOf = (who: string, eventKey: string, text: string): Inbound => ({
  kind: 'text',
  channel: 'dev',
  account: 'dev',
  eventKey,
  address: ADDRESS,
  lane: ADDRESS,
  messageId: eventKey,
  from: { identity: who, name: who },
  chat: 'private',
  addressed: true,
  text,
});

const knock = (world: World, inbound: Inbound, seen: string[], tries: number): void => {
  const dice = world.dice.people;
  const program = dice.pick(world.programs.filter((one) => one.kind === 'start' && one.rooms !== undefined));
  const rooms = program?.rooms;
  if (program === undefined || rooms === undefined || !isUp(program)) return;
  const ask = async (): Promise<void> => {
    const { channel, account, eventKey, lane } = inbound;
    const once = { kind: 'first', channel, account, eventKey, lane } as const;
    const { runId, outcome } = await handleMessage(rooms)(inbound, once);
    if (outcome === 'seen_before') world.counts('door: heard before');
    if (runId !== undefined) seen.push(runId);
  };
  world.time.after(1, () => void ask().catch(() => undefined), program);
  const again = (): void => knock(world, inbound, seen, tries + 1);
  if (tries < 3 && dice.chance(0.3)) world.time.after(dice.between(3000, 9000), again, NOBODY);
};
