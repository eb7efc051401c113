/**
 * A way to write moments, for any time zone; undefined is the machine's own. Each zone's format is made once, because making it takes
 * twenty times as long as using it, and there are no more of them than the world has zones. An unknown zone throws a RangeError.
 */
export const zonedFormat = (
  locale: string,
  options: Intl.DateTimeFormatOptions,
): ((timeZone: string | undefined) => Intl.DateTimeFormat) => {
  const made = new Map<string | undefined, Intl.DateTimeFormat>();
  return (timeZone) => {
    const known = made.get(timeZone);
    if (known !== undefined) return known;
    const format = new Intl.DateTimeFormat(locale, {
      ...options,
      ...(timeZone === undefined ? {} : { timeZone }),
    });
    made.set(timeZone, format);
    return format;
  };
};
