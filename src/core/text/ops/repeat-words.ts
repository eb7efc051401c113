import type { Line } from '../cards/rich.ts';

interface Repeat {
  readonly channel: string;
  readonly account: string;
  readonly eventKey: string;
  readonly times: number;
  readonly lastAt: number;
}

/** `/ops dedup`: what came more than once. That it is listed here means that it took effect once. */
export const repeatLines = (repeats: readonly Repeat[]): readonly Line[] =>
  repeats.length === 0
    ? [['No message came twice.']]
    : [
        ['Messages that came again; each took effect once'],
        ...repeats.map(
          ({ channel, eventKey, times, lastAt }): Line => [
            `${channel} ${eventKey.slice(0, 40)}  ${times === 1 ? 'once more' : `${times} times more`}, last `,
            { time: lastAt, as: 'clock' },
          ],
        ),
      ];

interface DispatchRepeat {
  readonly runId: string;
  readonly attempt: number;
  readonly times: number;
  readonly lastAt: number;
}

/** The same for what was put into the queue; nothing at all when nothing was. */
export const dispatchRepeatLines = (repeats: readonly DispatchRepeat[]): readonly Line[] =>
  repeats.length === 0
    ? []
    : [
        ['Attempts that were dispatched again; each is in the queue once'],
        ...repeats.map(
          ({ runId, attempt, times, lastAt }): Line => [
            `${runId} attempt ${attempt}  ${times === 1 ? 'once more' : `${times} times more`}, last `,
            { time: lastAt, as: 'clock' },
          ],
        ),
      ];
