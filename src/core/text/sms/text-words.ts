import type { Notice } from '../../people/consent.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Instant } from '../../time/instant.ts';
import { zonedClock } from '../../time/zoned.ts';
import type { DetailPiece } from '../cards/brief.ts';

// What text messages have in common. They come without any frame around them, so each says whose it is.

export const OURS = 'TextOps: ';

/** Whoever reads a text message. */
export interface Reader {
  /** Where they set their watch; nobody knows when it is absent. */
  readonly timezone?: string;
  /** What they do not want to hear. */
  readonly muted?: readonly Notice[];
}

/** In the reader's own zone, which they know; otherwise in one that is named. */
export const clockFor = (at: Instant, { timezone }: Reader): string =>
  timezone === undefined ? `${zonedClock(at, 'UTC')} UTC` : zonedClock(at, timezone);

/** Details in the order in which they go: whatever stands further down is needed more. */
export const DETAIL = {
  hint: 10,
  words: 20,
  params: 30,
  time: 40,
  again: 50,
  name: 80,
  job: 90,
} as const;

export const detail = (words: string, which: keyof typeof DETAIL): DetailPiece => ({
  words,
  drop: DETAIL[which],
});

/** The same for what still says something when its end is missing. */
export const cuttable = (words: string, which: keyof typeof DETAIL): DetailPiece => ({
  ...detail(words, which),
  cut: true,
});

export const jobPiece = ({ jobKey }: Pick<LiveRun, 'jobKey'>): DetailPiece => cuttable(jobKey, 'job');

/** " env=staging hosts=2": what somebody chose; what nobody gave is in the job. */
export const paramsPiece = ({ params, defaulted }: LiveRun): DetailPiece => {
  const given = Object.entries(params).filter(([name]) => !defaulted.includes(name));
  return cuttable(given.map(([name, value]) => ` ${name}=${String(value)}`).join(''), 'params');
};

/** Somebody's own words as a sentence of ours. */
export const asSentence = (words: string): string => {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  return line === '' || /[.!?]$/.test(line) ? line : `${line}.`;
};
