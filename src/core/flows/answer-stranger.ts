import { noRight } from '../people/refused.ts';
import type { Intent } from '../text/intent.ts';
import { STRANGER } from '../text/say.ts';
import { type Handled, type Heard, type Rooms, sayOnly, type Text } from './heard.ts';
import { linkIdentity } from './link-identity.ts';
import { isAtHome } from './writer.ts';

/**
 * No oracle: somebody unknown hears the same sentence whatever they wrote but `link`, once an hour, and in a group nothing at
 * all.
 */
export const answerStranger = async (
  rooms: Rooms,
  heard: Pick<Heard<Text>, 'inbound' | 'once' | 'at'>,
  intent: Intent,
): Promise<Handled> => {
  const { chat, disqualified, addressed, from } = heard.inbound;
  const answers = chat === 'private' && disqualified === undefined && addressed;
  if (intent.type === 'Link' && isAtHome(heard.inbound)) {
    if (answers || (chat === 'group' && intent.code !== undefined))
      return linkIdentity(rooms, heard, intent.code);
  }
  if (!answers) return sayOnly(rooms, heard, intent.type, undefined, noRight('stranger'));
  return sayOnly(rooms, heard, 'Unknown', {
    refusal: noRight('stranger'),
    lines: [[STRANGER], ['Your id here: ', { code: from.identity }]],
    key: `stranger:${from.identity}:${Math.floor(heard.at / STRANGER_MS)}`,
  });
};

/** Whoever floods the bot gets no flood back. */
const STRANGER_MS = 60 * 60_000;
