/** Text from outside (parameters, reasons, output of jobs) must not be able to steer the terminal of the reader. */
export const harmless = (text: string): string => text.replaceAll(STEERING, '\u{FFFD}');

/** One line of it, for a cell of a table. */
export const oneLine = (text: string): string => harmless(text.replaceAll(/\s*[\r\n\t]\s*/g, ' '));

/** A document that a terminal may show; whoever parses it reads the same. */
export const harmlessJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replaceAll(
    STEERING,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

// C0 but tab and newline, DEL, C1, and the marks that turn the direction of writing.
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
