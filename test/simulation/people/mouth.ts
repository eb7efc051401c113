import { readCallbackData } from '../../../src/bot/telegram/callback-data.ts';
import type { Disqualified, Inbound } from '../../../src/core/ports/channel.ts';
import type { Button } from '../world/chats.ts';
import type { Updates } from '../world/updates.ts';
import type { World } from '../world/world.ts';
import { accountsOf, type Name } from './residents.ts';

export type Verb = 'run' | 'approve' | 'deny' | 'cancel' | 'resume' | 'recover';

/** What somebody meant, as a bystander would say; nothing of it is read by the program. */
export interface Meaning {
  /** `look`: somebody wants to know something. */
  readonly verb: Verb | 'look' | 'nothing';
  /** Absent on a bare yes or no. */
  readonly runId?: string;
  readonly jobKey?: string;
  /** What the tapped button showed. */
  readonly bound?: { readonly epoch: number; readonly digest: string };
}

/** A message of somebody, from the moment it was written. */
export interface Said {
  readonly identity: string;
  readonly address: string;
  readonly means: Meaning;
  readonly sentAtMs: number;
  readonly messageId?: string;
  readonly isPress: boolean;
}

export interface Mouth {
  readonly says: (who: Name, address: string, text: string, means: Meaning, more?: SaysMore) => void;
  readonly presses: (who: Name, button: Button, forged?: string) => void;
  /** What no person writes. */
  readonly sends: (make: (eventKey: string) => Inbound) => void;
  /** What was said under this key; undefined for what is no message of a person. */
  readonly saidUnder: (channel: string, eventKey: string) => Said | undefined;
  /** For doors that give the key themselves. */
  readonly remember: (channel: string, eventKey: string, said: Said) => void;
}

export interface SaysMore {
  readonly disqualified?: Disqualified;
  readonly replyTo?: string;
  readonly unaddressed?: true;
}

export const NOTHING: Meaning = { verb: 'nothing' };
export const LOOK: Meaning = { verb: 'look' };

export const newMouth = (world: World, updates: Updates): Mouth => {
  const said = new Map<string, Said>();
  let written = 1000;
  const remember: Mouth['remember'] = (channel, eventKey, one) =>
    void said.set(`${channel} ${eventKey}`, one);
  const utter = (one: Said, message: (eventKey: string) => Inbound): void =>
    updates.arrive((eventKey) => {
      remember('telegram', eventKey, one);
      return message(eventKey);
    });
  return {
    says: (who, chat, text, means, more = {}) => {
      written += 1;
      const one = spoken(world, who, { chat, means, messageId: String(written) });
      const how = more.disqualified === undefined ? '' : ` (${more.disqualified})`;
      world.write(who, `says "${text}" in ${one.address}${how}`);
      utter(one, (eventKey) => textOf(one, who, eventKey, text, more));
    },
    presses: (who, button, forged) => {
      const { address: chat, messageId, data } = button;
      const means = forged === undefined ? meaningOf(button) : NOTHING;
      const one = { ...spoken(world, who, { chat, means, messageId }), isPress: true };
      world.write(who, `presses ${forged ?? data} under ${messageId} in ${one.address}`);
      utter(one, (eventKey) => pressOf(one, who, eventKey, forged ?? data));
    },
    sends: (make) => updates.arrive(make),
    saidUnder: (channel, eventKey) => said.get(`${channel} ${eventKey}`),
    remember,
  };
};

const spoken = (
  world: World,
  who: Name,
  { chat, means, messageId }: { readonly chat: string; readonly means: Meaning; readonly messageId: string },
): Said & { readonly messageId: string } => ({
  identity: `telegram:${world.dice.people.pick(accountsOf(who)) ?? 0}`,
  address: world.home(chat),
  means,
  // Telegram counts seconds, by a clock that is not the database's.
  sentAtMs: Math.floor(world.wall() / 1000) * 1000,
  messageId,
  isPress: false,
});

type Spoken = ReturnType<typeof spoken>;

const textOf = (one: Spoken, who: Name, eventKey: string, text: string, more: SaysMore): Inbound => {
  const { unaddressed, ...rest } = more;
  const { sentAtMs, messageId, identity, address } = one;
  const from = { identity, name: who };
  const addressed = unaddressed === undefined;
  return { ...placeOf(address, eventKey), kind: 'text', sentAtMs, from, text, addressed, messageId, ...rest };
};

const pressOf = (
  { identity, address, messageId }: Spoken,
  who: Name,
  eventKey: string,
  data: string,
): Inbound => {
  const press = { ...readCallbackData(data), pressId: `press-${eventKey}` };
  return { ...placeOf(address, eventKey), kind: 'button', from: { identity, name: who }, press, messageId };
};

export const placeOf = (address: string, eventKey: string) =>
  ({
    channel: 'telegram',
    account: 'bot',
    eventKey,
    address,
    lane: address,
    chat: address.includes(':-') ? 'group' : 'private',
  }) as const;

const PRESSED: Readonly<Record<string, Verb>> = {
  ap: 'approve',
  dn: 'deny',
  cx: 'cancel',
  rs: 'resume',
  rc: 'recover',
  ra: 'run',
  rn: 'run',
};

const meaningOf = ({ verb, runId, bound }: Button): Meaning => {
  const meant = PRESSED[verb];
  if (meant === undefined) return NOTHING;
  if (meant === 'run') return { verb: meant };
  return {
    verb: meant,
    ...(runId === undefined ? {} : { runId }),
    ...(bound === undefined ? {} : { bound }),
  };
};
