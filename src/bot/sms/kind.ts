import type { ChannelKind } from '../channel-kind.ts';
import { CHANNEL } from './address.ts';
import { CAPS } from './caps.ts';

export const sms: ChannelKind = {
  name: CHANNEL,
  caps: CAPS,
  people: { like: /^\+[1-9]\d{6,14}$/, expected: 'a phone number like sms:+491701234567' },
  open: (settings, parts) => {
    const own = settings.sms;
    if (own === undefined) return undefined;
    return import('./channel.ts').then(({ smsChannel }) => smsChannel({ ...own, ...parts }));
  },
};
