import type { Line } from './cards/rich.ts';

/** What a phone shows without scrolling. */
export const PHONE_LINES = 14;

/** The first lines, and how many more there are and where they stand. */
export const atMost = (lines: readonly Line[], max: number, where: string): readonly Line[] =>
  lines.length <= max
    ? lines
    : [...lines.slice(0, max - 1), [`… and ${lines.length - max + 1} more → ${where}`]];
