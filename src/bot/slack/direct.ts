import type { WebClient } from '@slack/web-api';
import type { Delivered } from '../../core/ports/channel.ts';
import { addressOf, type Place } from './address.ts';
import { describe, falloutOf } from './errors.ts';

/**
 * Where somebody is spoken to alone. A message could be posted to a person's own id, but it then stands in a conversation
 * with an id of its own, where it is edited, answered and pressed; so everything for that person moves there first.
 */
export const moveToDirect = async (client: WebClient, { team, channel }: Place): Promise<Delivered> => {
  try {
    const { channel: opened } = await client.conversations.open({ users: channel });
    if (opened?.id === undefined) return dead(`Slack opened no conversation with ${channel}`);
    return { k: 'readdress', to: addressOf({ team, channel: opened.id }) };
  } catch (error) {
    // The token is good for everything else.
    if (describe(error) === 'missing_scope') return dead('the app lacks the scope im:write');
    const fallout = falloutOf(error, undefined);
    return fallout.k === 'as_plain' ? dead(describe(error)) : fallout;
  }
};

const dead = (reason: string): Delivered => ({ k: 'dead', suspend: false, reason });
