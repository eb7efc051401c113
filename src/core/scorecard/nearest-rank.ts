/** The value that so large a share of them does not exceed, and that is one of them; undefined where there is none. */
export const nearestRank = (values: readonly number[], share: number): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1];
