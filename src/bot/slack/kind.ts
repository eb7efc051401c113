import type { ChannelKind } from '../channel-kind.ts';
import { CHANNEL } from './address.ts';
import { CAPS } from './caps.ts';

export const slack: ChannelKind = {
  name: CHANNEL,
  caps: CAPS,
  people: { like: /^\w+:\w+$/, expected: 'a team and a user like slack:T0123:U0123' },
  open: (settings, parts) => {
    const own = settings.slack;
    if (own === undefined) return undefined;
    return import('./channel.ts').then(({ slackChannel }) => slackChannel({ ...own, ...parts }));
  },
};
