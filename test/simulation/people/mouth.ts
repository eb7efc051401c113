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
  const dice = world.dice.people;
  let written = 1000;
  const remember: Mouth['remember'] = (channel, eventKey, one) =>
    void said.set(`${channel} ${eventKey}`, one);
  const identity = (who: Name): string => `telegram:${dice.pick(accountsOf(who)) ?? 0}`;
  return {
    says: (who, chat, text, means, more = {}) => {
      const address = world.home(chat);
      written += 1;
      const messageId = String(written);
      const { unaddressed, ...rest } = more;
      // Telegram counts seconds, by a clock that is not the database's.
      const sentAtMs = Math.floor(world.wall() / 1000) * 1000;
      const from = { identity: identity(who), name: who };
      world.write(
        who,
        `says "${text}" in ${address}${more.disqualified === undefined ? '' : ` (${more.disqualified})`}`,
      );
      const one = { identity: from.identity, address, means, sentAtMs, messageId, isPress: false };
      updates.arrive((eventKey) => {
        remember('telegram', eventKey, one);
        const place = { ...placeOf(address, eventKey), sentAtMs, from };
        return { ...place, kind: 'text', text, addressed: unaddressed === undefined, messageId, ...rest };
      });
    },
    presses: (who, { address: shownIn, messageId, data, verb, runId, bound }, forged) => {
      const address = world.home(shownIn);
      const from = { identity: identity(who), name: who };
      const means = forged === undefined ? meaningOf(verb, runId, bound) : NOTHING;
      world.write(who, `presses ${forged ?? data} under ${messageId} in ${address}`);
      const one = {
        identity: from.identity,
        address,
        means,
        sentAtMs: world.wall(),
        messageId,
        isPress: true,
      };
      updates.arrive((eventKey) => {
        remember('telegram', eventKey, one);
        const press = { ...readCallbackData(forged ?? data), pressId: `press-${eventKey}` };
        return { ...placeOf(address, eventKey), from, kind: 'button', press, messageId };
      });
    },
    sends: (make) => updates.arrive(make),
    saidUnder: (channel, eventKey) => said.get(`${channel} ${eventKey}`),
    remember,
  };
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

const meaningOf = (verb: string, runId: Button['runId'], bound: Button['bound']): Meaning => {
  const meant = PRESSED[verb];
  if (meant === undefined) return NOTHING;
  if (meant === 'run') return { verb: meant };
  return {
    verb: meant,
    ...(runId === undefined ? {} : { runId }),
    ...(bound === undefined ? {} : { bound }),
  };
};
