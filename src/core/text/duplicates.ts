import type { Line } from './rich.ts';
import { clock } from './say.ts';

/** What came more than once and had its effect once. */
export interface Duplicates {
  readonly counts: readonly { readonly kind: DuplicateKind; readonly keys: number; readonly times: number }[];
  /** The newest first. */
  readonly newest: readonly {
    readonly kind: DuplicateKind;
    readonly key: string;
    readonly times: number;
    readonly lastAt: number;
  }[];
}

/** `dispatch`: the same attempt put into the queue again. `inbound`: the same message delivered again. */
export type DuplicateKind = 'dispatch' | 'inbound';

const WORDS: Readonly<Record<DuplicateKind, string>> = {
  dispatch: 'dispatches of the same attempt',
  inbound: 'messages that had come already',
};

/** `/ops dedup` */
export const duplicateLines = ({ counts, newest }: Duplicates): readonly Line[] => {
  if (counts.length === 0) return [['No duplicate had to be suppressed yet.']];
  return [
    ['Suppressed duplicates; each had its effect once:'],
    ...counts.map(({ kind, keys, times }): Line => [`${times} × ${WORDS[kind]} (${keys} different)`]),
    ...newest.map(
      ({ kind, key, times, lastAt }): Line => [
        `${kind} ${key}${times > 1 ? ` × ${times}` : ''} `,
        clock(lastAt),
      ],
    ),
  ];
};
