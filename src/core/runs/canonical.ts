/**
 * The one text of a value, for hashing: keys sorted by UTF-16 code unit, no white space, strings escaped as JSON does
 * (RFC 8785), and of numbers only safe integers, because floats print differently in other languages.
 *
 * Keys whose value is undefined are left out, exactly as the database's JSON leaves them out.
 */
export const canonical = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return ofText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isSafeInteger(value)) throw new Error(`canonical: ${value} is no safe integer`);
      return Object.is(value, -0) ? '0' : String(value);
    case 'object':
      return value === null ? 'null' : ofObject(value);
    default:
      throw new Error(`canonical: a ${typeof value} has no canonical form`);
  }
};

/** Half of a surrogate pair has no UTF-8 form; a database would give back the replacement character, so it is hashed. */
const ofText = (text: string): string =>
  SPECIAL.test(text) ? JSON.stringify(text.toWellFormed()) : `"${text}"`;

/** Anything that JSON might escape, or that may be half of a pair. */
const SPECIAL = /[^ !#-[\]-~]/;

// Every event of every run passes here, at its commit and at every verification, so nothing is made on the way but the text.
const ofObject = (value: object): string => {
  if (Array.isArray(value)) return ofArray(value);
  let text = '';
  for (const key of Object.keys(value).toSorted()) {
    const part: unknown = value[key as keyof typeof value];
    if (part !== undefined) text += `${text === '' ? '' : ','}${ofText(key)}:${canonical(part)}`;
  }
  return `{${text}}`;
};

const ofArray = (values: readonly unknown[]): string => {
  let text = '';
  for (const value of values) text += `${text === '' ? '' : ','}${canonical(value)}`;
  return `[${text}]`;
};
