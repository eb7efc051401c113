/**
 * The seed that shows each bug, as `npm run sim -- --zoo --search` found it last. Only time depends on it: where a seed does
 * not show its bug any more, because the program or the simulation has changed, others are tried.
 */
export const SHOWN_BY: Readonly<Record<string, number>> = {};
