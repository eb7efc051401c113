import { parseEnv } from 'node:util';

/**
 * The text of an `.env` file with these variables set, every other line as it was. Undefined when that cannot be written so
 * that it reads back as meant: each way of writing it is held against the reader itself, whose quotes may span lines.
 */
export const withVariables = (text: string, values: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(values).reduce<string | undefined>(
    (sofar, [name, value]) => (sofar === undefined ? undefined : withVariable(sofar, name, value)),
    text,
  );

const withVariable = (text: string, name: string, value: string): string | undefined => {
  const written = spelled(value);
  if (written === undefined) return undefined;
  const ways = [...inPlace(text, name, written), ...beside(text, `${name}=${written}`)];
  const wanted = { ...parseEnv(text), [name]: value };
  return ways.find((way) => isSame(parseEnv(way), wanted));
};

/** The last line that sets it is the one that counts. */
const inPlace = (text: string, name: string, written: string): readonly string[] => {
  const lines = text.split(/(?<=\n)/);
  const line = new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*)${VALUE}(\\s*)$`);
  return lines
    .flatMap((given, at) => {
      const [, before, comment = '', end = ''] = line.exec(given) ?? [];
      if (before === undefined) return [];
      return [lines.with(at, `${before.trimEnd()}${written}${comment}${end}`).join('')];
    })
    .toReversed();
};

/** Quoted or not, and a comment behind it. */
const VALUE = `(?:"[^"]*"|'[^']*'|\`[^\`]*\`|[^#\\r\\n]*?)([ \\t]*#[^\\r\\n]*)?`;

/** At the end, where people look for it; at the beginning if the last line would swallow it. */
const beside = (text: string, line: string): readonly string[] => {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const closed = text === '' || text.endsWith('\n') ? text : `${text}${end}`;
  return [`${closed}${line}${end}`, `${line}${end}${text}`];
};

const spelled = (value: string): string | undefined => {
  if (/^[\w:+./@-]+$/.test(value)) return value;
  const quote = [`'`, '`', '"'].find((mark) => !value.includes(mark));
  return quote === undefined ? undefined : `${quote}${value}${quote}`;
};

const isSame = (
  one: Readonly<Record<string, string | undefined>>,
  other: Readonly<Record<string, string | undefined>>,
): boolean => {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
};
