import type { Intent } from '../text/intent.ts';
import type { Text } from './heard.ts';

/** Messages that must have no effect and deserve no answer. */
export const reasonForSilence = (inbound: Text, intent: Intent): string | undefined => {
  const { disqualified, chat, addressed } = inbound;
  if (!addressed) return 'not_addressed';
  const commands = intent.type !== 'Chatter' && intent.type !== 'Unknown';
  if (disqualified !== undefined && !(disqualified === 'edited' && commands)) return disqualified;
  // A group has other conversations and other bots; only what is clearly meant for us gets a hint there.
  if (chat === 'group' && intent.type === 'Unknown' && intent.near === undefined) return UNKNOWN_IN_GROUP;
  return undefined;
};

/** Advisors are asked about words that mean us and that no grammar knows; a slash is the beginning of somebody's command. */
export const mayBeRead = (intent: Intent, silence: string | undefined): boolean =>
  intent.type === 'Unknown' &&
  !intent.word.startsWith('/') &&
  (silence === undefined || silence === UNKNOWN_IN_GROUP);

const UNKNOWN_IN_GROUP = 'unknown_in_group';

/** Why a text is not taken as it is. */
export const unreadable = (intent: Extract<Intent, { type: 'Unreadable' }>): string =>
  intent.why === 'too_long'
    ? `Your message has ${intent.detail} characters and the limit is 4096, so I did nothing.`
    : `Your message contains a hidden character (${intent.detail}), so I did nothing. Type it again without it.`;
