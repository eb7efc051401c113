import type { Seal } from '../../runs/seal.ts';
import type { Line } from '../cards/rich.ts';

/** For the chat of those who run the installation; the second line is one of a file of published seals. */
export const sealLines = ({ number, events, hash, at }: Seal): readonly Line[] => [
  [
    '🔏 Seal ',
    { bold: String(number) },
    ` over ${events} more ${events === 1 ? 'event' : 'events'}, `,
    { time: at, as: 'clock' },
  ],
  [{ code: `${number} ${hash}` }],
];
