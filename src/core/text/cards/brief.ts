/**
 * A message where there is room for very little, in pieces. A string always stays; of the others those with the smallest
 * number go first, and with them whatever else has the same number.
 */
export type Brief = readonly Piece[];

export type Piece = string | DetailPiece;

export interface DetailPiece {
  readonly words: string;
  /** Which go before others. */
  readonly drop: number;
  /** May be shortened first, and disappears only when nothing of it would be left. */
  readonly cut?: true;
}

/** The words behind each other, with nothing left out. */
export const wholeOf = (brief: Brief): string => brief.map(wordsOf).join('');

const wordsOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.words);

/** As much of it as fits, by a measure of the channel's own. */
export const fitted = (brief: Brief, max: number, measure: (words: string) => number): string => {
  const fits = (pieces: Brief): boolean => measure(wholeOf(pieces)) <= max;
  let left = brief;
  while (!fits(left)) {
    const next = Math.min(...left.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.drop])));
    if (next === Number.POSITIVE_INFINITY) return shortened(wholeOf(left), max, measure);
    const short = left.map((piece) => (isOf(piece, next) ? cutTo(left, piece, max, measure) : piece));
    left = fits(short) ? short : left.filter((piece) => !isOf(piece, next));
  }
  return wholeOf(left);
};

const isOf = (piece: Piece, drop: number): piece is DetailPiece =>
  typeof piece !== 'string' && piece.drop === drop;

/** Fewer letters than this say nothing any more. */
const CUT_MIN = 4;

const cutTo = (
  all: Brief,
  piece: DetailPiece,
  max: number,
  measure: (words: string) => number,
): DetailPiece => {
  if (piece.cut !== true) return piece;
  const others = all.filter((one) => one !== piece);
  const words = shortened(piece.words, max - measure(wholeOf(others)), measure);
  return words.length < CUT_MIN + DOTS.length ? piece : { ...piece, words };
};

const DOTS = '...';

const shortened = (words: string, max: number, measure: (words: string) => number): string => {
  if (measure(words) <= max) return words;
  const letters = [...words];
  while (letters.length > 0 && measure(letters.join('')) > max - DOTS.length) letters.pop();
  return `${letters.join('').trimEnd()}${DOTS}`;
};
