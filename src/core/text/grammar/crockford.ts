/** Crockford's alphabet: no I, L, O, U, so that what is read aloud or typed by hand arrives. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** So many letters by chance; `chance` is called once for each. */
export const drawn = (length: number, chance: () => number): string =>
  Array.from({ length }, () => ALPHABET.charAt(Math.floor(chance() * ALPHABET.length))).join('');

/** Letters as a person types them (`O` is 0, `I` and `L` are 1), or undefined when there are others among them. */
export const readLetters = (typed: string): string | undefined => {
  const read = typed.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return [...read].every((letter) => ALPHABET.includes(letter)) ? read : undefined;
};
