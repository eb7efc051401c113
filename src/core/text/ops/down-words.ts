import { formatDuration } from '../../time/duration.ts';
import type { Instant } from '../../time/instant.ts';
import type { Line } from '../cards/rich.ts';

export interface Outage {
  readonly profile: string;
  /** What the store calls its trouble. */
  readonly fault: string;
  readonly forMs: number;
  readonly lastGoodAt: Instant;
}

const TROUBLES: Readonly<Record<string, string>> = {
  busy: 'the database has been locked',
  connection: 'the database has not been reachable',
  full: 'the disk of the database has been full',
};

/** `/ops` when nothing can be read: the verdict, since when, and what that means. */
export const downLines = ({ profile, fault, forMs, lastGoodAt }: Outage): readonly Line[] => [
  [
    `⛔ Down · ${profile} · ${TROUBLES[fault] ?? 'the database has been failing'} for ${formatDuration(forMs)}. `,
    'I can hear you, but I cannot run or approve anything. Last good ',
    { time: lastGoodAt, as: 'clock' },
  ],
  ['Look: textops doctor'],
];
