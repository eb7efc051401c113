/**
 * What a mistyped word may have meant: names that begin with it first, then names a few slips away, at most `max`.
 * Upper and lower case count as the same. Never used to take a decision, only to suggest.
 */
export const nearest = (word: string, candidates: readonly string[], max = 3): string[] => {
  const meant = word.toLowerCase().slice(0, WORD_LENGTH_MAX);
  if (meant === '') return [];
  const slipsMax = Math.max(1, Math.floor(meant.length / 3));
  return [...new Set(candidates)]
    .map((name) => ({ name, rank: rankOf(meant, name.toLowerCase(), slipsMax) }))
    .filter(({ rank }) => rank <= slipsMax)
    .toSorted((a, b) => a.rank - b.rank || a.name.length - b.name.length)
    .slice(0, max)
    .map(({ name }) => name);
};

// The distance grows with the product of both lengths; no name of ours is longer than this.
const WORD_LENGTH_MAX = 64;
const PREFIX_RANK = -1;

const rankOf = (meant: string, name: string, slipsMax: number): number => {
  if (name.startsWith(meant)) return PREFIX_RANK;
  if (Math.abs(name.length - meant.length) > slipsMax) return Number.POSITIVE_INFINITY;
  return slipsBetween(meant, name);
};

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
const slipsBetween = (from: string, to: string): number => {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next.push(
        Math.min(
          cell(last, column) + 1,
          cell(next, column - 1) + 1,
          cell(last, column - 1) + same,
          // Without a swap this is two replacements, which cost two anyway.
          cell(before, column - 2) + (swapped ? 1 : 2),
        ),
      );
    }
    before = last;
    last = next;
  }
  return cell(last, to.length);
};

/** Outside the table nothing is reachable. */
const cell = (row: readonly number[], at: number): number => row[at] ?? Number.POSITIVE_INFINITY;
