import type { SenderCaps } from '../../core/ports/channel.ts';

export const CAPS: SenderCaps = { cards: true, textMax: 16_384 };
