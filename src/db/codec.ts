/** JSON text for a column. PostgreSQL refuses half a surrogate pair, which our hashes read as U+FFFD anyway. */
export const toJson = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.includes('\\ud')
    ? JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part))
    : text;
};

/** Both databases hand JSON out as text; the caller names what was put in. */
export const fromJson = (text: string): unknown => JSON.parse(text);

/** A property that is left out when the column is null. */
export const given = <K extends string, V>(
  name: K,
  value: V | null | undefined,
): { readonly [P in K]?: V } =>
  // The compiler cannot see that a computed name is the name it was given.
  value === null || value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
