import type { ChannelKind } from '../channel-kind.ts';
import { CHANNEL } from './address.ts';
import { CAPS } from './caps.ts';

export const telegram: ChannelKind = {
  name: CHANNEL,
  caps: CAPS,
  people: { like: /^[1-9]\d*$/, expected: "a person's Telegram number like telegram:123456789" },
  open: (settings, parts) => {
    const own = settings.telegram;
    if (own === undefined) return undefined;
    return import('./channel.ts').then(({ telegramChannel }) => telegramChannel({ ...own, ...parts }));
  },
};
