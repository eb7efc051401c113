import type { SenderCaps } from '../core/ports/channel.ts';
import type { Channel, ChannelKind, ChannelParts, ChannelSettings } from './channel-kind.ts';
import { CAPS as CHAT } from './chat/caps.ts';
import { slack } from './slack/kind.ts';
import { sms } from './sms/kind.ts';
import { telegram } from './telegram/kind.ts';
import { CAPS as TERMINAL } from './terminal/caps.ts';
import { webhookOut } from './webhook-out/kind.ts';

/** Every channel that talks to somebody over a network: one line each. */
export const CHANNELS: readonly ChannelKind[] = [telegram, slack, sms, webhookOut];

/** Those that the settings ask for. */
export const openChannels = (settings: ChannelSettings, parts: ChannelParts): Promise<readonly Channel[]> =>
  Promise.all(CHANNELS.flatMap(({ open }) => open(settings, parts) ?? []));

/** What can be shown at an address; the same in every process, whether or not it is the one that speaks there. */
export const abilities = {
  cards: (address: string): boolean => capsOf(address)?.cards === true,
  texts: (address: string): boolean => capsOf(address)?.texts === true,
  documents: (address: string): boolean => capsOf(address)?.documents === true,
  forms: (address: string): boolean => capsOf(address)?.forms === true,
  threads: (address: string): boolean => capsOf(address)?.threads === true,
  isGroup: (address: string): boolean => capsOf(address)?.pace?.isGroup(address) === true,
};

/** Of a door on this machine that nobody opens here nothing is known, so that everything is plain there. */
const capsOf = (address: string): SenderCaps | undefined =>
  [...LOCAL, ...CHANNELS].find(({ name }) => address.startsWith(`${name}:`))?.caps;

const LOCAL: readonly { readonly name: string; readonly caps: SenderCaps }[] = [
  { name: 'terminal', caps: TERMINAL },
  { name: 'chat', caps: CHAT },
];
