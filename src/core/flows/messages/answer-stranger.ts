import { noRight } from '../../people/refused.ts';
import { STRANGER } from '../../text/cards/say.ts';
import type { Draft } from '../../text/grammar/draft.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import { strangerNews } from '../../text/people/people-words.ts';
import { UNLINKED_TEXT } from '../../text/sms/text-answers.ts';
import { linkIdentity } from '../people/link-identity.ts';
import { newsFor } from '../people/people-news.ts';
import { isAtHome } from '../writer.ts';
import { type Handled, type Heard, type Rooms, sayOnly, type Text } from './heard.ts';

/**
 * No oracle: somebody unknown hears the same sentence whatever they wrote but `link`, once an hour (`help`: once a minute),
 * and in a group, where others would see it, nothing at all; of that the owners hear, once a day.
 */
export const answerStranger = async (
  rooms: Rooms,
  heard: Pick<Heard<Text>, 'inbound' | 'once' | 'at'>,
  intent: Intent,
): Promise<Handled> => {
  const { chat, disqualified, addressed, from, aside } = heard.inbound;
  const unseen = chat === 'private' || aside !== undefined;
  const answers = unseen && disqualified === undefined && addressed;
  // Texts cost money, and a stranger's number may be anybody's.
  const texts = rooms.house.texts?.(heard.inbound.address) === true;
  if (intent.type === 'Link' && !texts && isAtHome(heard.inbound)) {
    if (answers || (chat === 'group' && intent.code !== undefined))
      return linkIdentity(rooms, heard, intent.code);
  }
  if (!answers) {
    const told = chat === 'group' && disqualified === undefined && addressed;
    const news = told ? await newsOfStranger(rooms, heard) : [];
    return sayOnly(rooms, heard, intent.type, undefined, noRight('stranger'), news);
  }
  // Telegram sends /start by itself, so it asks for nothing.
  const asksForHelp = intent.type === 'Help' && !/^\/?start\b/i.test(heard.inbound.text.trim());
  const every = texts ? DAY_MS : asksForHelp ? HELP_MS : STRANGER_MS;
  return sayOnly(rooms, heard, 'Unknown', {
    refusal: noRight('stranger'),
    lines: [[STRANGER], ['Your id here: ', { code: from.identity }]],
    ...(texts ? { brief: UNLINKED_TEXT } : {}),
    key: `${asksForHelp && !texts ? 'stranger-help' : 'stranger'}:${from.identity}:${Math.floor(heard.at / every)}`,
  });
};

/** Whoever floods the bot gets no flood back. */
const STRANGER_MS = 60 * 60_000;
const HELP_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Privately to every owner: somebody tries, and nobody there was told that they are not known. */
const newsOfStranger = async (
  { store, house }: Rooms,
  { inbound: { from, address }, at }: Pick<Heard<Text>, 'inbound' | 'at'>,
): Promise<readonly Draft[]> => {
  const owners = await store.people.holding({ ids: [], roles: ['owner'], limit: OWNERS_MAX });
  return newsFor(house, {
    key: `unknown-in-groups:${Math.floor(at / DAY_MS)}`,
    identities: owners.flatMap(({ identities }) => identities),
    words: strangerNews({ name: from.name, identity: from.identity, address }),
  });
};

/** Whoever has more owners than this has somebody who looks. */
const OWNERS_MAX = 20;
