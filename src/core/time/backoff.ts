/** Between two tries: doubles from the first figure with every try and never exceeds the second. */
export interface Backoff {
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
  /** `half`: chance takes off up to a half, so that a herd spreads, and never all of it, so that nothing collapses. */
  readonly jitter: 'none' | 'half';
}

/** How long to wait after so many tries in a row. `chance` is in [0,1); without one nothing is taken off. */
export const pauseMs = ({ pauseMsMin, pauseMsMax, jitter }: Backoff, tries: number, chance = 1): number => {
  const ceiling = Math.min(pauseMsMax, pauseMsMin * 2 ** Math.min(tries - 1, 30));
  return jitter === 'none' ? ceiling : Math.round(ceiling / 2 + (ceiling / 2) * chance);
};
