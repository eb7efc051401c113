/** More than the runs and people of a busy minute. */
const KNOWN_MAX = 2000;

/**
 * The same answers for less: a log says the same few names over and over. Whatever is long is not kept, and when there is too much
 * it begins anew.
 */
export const remembering = (answer: (text: string) => string): ((text: string) => string) => {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = answer(text);
    if (known.size >= KNOWN_MAX) known.clear();
    if (text.length <= CHARS_MAX) known.set(text, found);
    return found;
  };
};

const CHARS_MAX = 64;

/** `2026-11-20T14:02:41.410Z`; the second is written once for all lines of it. */
export const isoClock = (now: () => number): (() => string) => {
  let second = Number.NaN;
  let prefix = '';
  return () => {
    const ms = now();
    const whole = Math.floor(ms / 1000);
    if (whole !== second) {
      second = whole;
      prefix = new Date(whole * 1000).toISOString().slice(0, -'000Z'.length);
    }
    return `${prefix}${String(Math.floor(ms - whole * 1000)).padStart(3, '0')}Z`;
  };
};
