/** One line of the doctor. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'bad';
  readonly words: string;
  /** The one thing to do about it. */
  readonly cure?: string;
}

export const ok = (what: string, words: string): Finding => ({ what, state: 'ok', words });

export const warning = (what: string, words: string, cure: string): Finding => ({
  what,
  state: 'warning',
  words,
  cure,
});

export const bad = (what: string, words: string, cure: string): Finding => ({
  what,
  state: 'bad',
  words,
  cure,
});

/** Whether `found` (24.1.0) is at least `min` (22.18). */
export const atLeast = (found: string, min: string): boolean => {
  const parts = found.split('.').map(Number);
  const difference = min
    .split('.')
    .map((part, at) => (parts[at] ?? 0) - Number(part))
    .find((by) => by !== 0);
  return (difference ?? 0) >= 0;
};
