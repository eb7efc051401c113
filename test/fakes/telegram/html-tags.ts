import { badRequest } from './api-error.ts';

export interface StartTag {
  readonly kind: 'start';
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly end: number;
}

interface EndTag {
  readonly kind: 'end';
  readonly name: string;
  readonly end: number;
}

const known: ReadonlySet<string> = new Set(
  'a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote'.split(' '),
);
const space = /\s/;
const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Reads the tag that begins with the `<` at `start`. */
export const readTag = (source: string, start: number): StartTag | EndTag =>
  source[start + 1] === '/' ? readEndTag(source, start) : readStartTag(source, start);

/** Only four names exist, and numbers; anything else stays as it is written. The semicolon is optional. */
export const decodeCharacters = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]+));?/gi, (whole, hex, decimal, name) => {
        if (name !== undefined) return characters[name] ?? whole;
        const code = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
        return code === 0 || code >= 0x10ffff ? whole : String.fromCodePoint(code);
      })
    : text;

export const cannotParse = (reason: string): Error => badRequest(`can't parse entities: ${reason}`);

/** Complaints name bytes of UTF-8, not characters. */
export const byteOffset = (source: string, position: number): number =>
  Buffer.byteLength(source.slice(0, position));

const readEndTag = (source: string, start: number): EndTag => {
  const close = /[\s>]/.exec(source.slice(start + 2));
  const nameEnd = close === null ? source.length : start + 2 + close.index;
  let end = nameEnd;
  while (space.test(source[end] ?? '')) end += 1;
  if (source[end] !== '>') throw cannotParse(`Unclosed end tag at byte offset ${byteOffset(source, start)}`);
  return { kind: 'end', name: source.slice(start + 2, nameEnd).toLowerCase(), end: end + 1 };
};

const readStartTag = (source: string, start: number): StartTag => {
  const at = byteOffset(source, start);
  let position = start + 1;
  while (position < source.length && !/[\s>]/.test(source[position] ?? '')) position += 1;
  if (position >= source.length) throw cannotParse(`Unclosed start tag at byte offset ${at}`);
  const name = source.slice(start + 1, position).toLowerCase();
  if (!known.has(name)) throw cannotParse(`Unsupported start tag "${name}" at byte offset ${at}`);
  const attributes: Record<string, string> = {};
  for (;;) {
    while (space.test(source[position] ?? '')) position += 1;
    if (source[position] === '>') break;
    const attribute = readAttribute(source, position, name, at);
    attributes[attribute.name] = attribute.value;
    position = attribute.end;
  }
  if (name === 'span' && attributes['class'] !== 'tg-spoiler') {
    throw cannotParse(`Tag "span" must have class "tg-spoiler" at byte offset ${at}`);
  }
  return { kind: 'start', name, attributes, end: position + 1 };
};

interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly end: number;
}

const readAttribute = (source: string, start: number, tag: string, at: number): Attribute => {
  const rest = source.slice(start);
  const name = /^[^\s=>/"']*/.exec(rest)?.[0] ?? '';
  if (name === '') {
    const isEnd = rest === '';
    throw cannotParse(
      isEnd
        ? `Unclosed start tag "${tag}" at byte offset ${at}`
        : `Empty attribute name in the tag "${tag}" at byte offset ${at}`,
    );
  }
  const equals = /^\s*=\s*/.exec(rest.slice(name.length));
  const valueAt = start + name.length + (equals?.[0].length ?? 0);
  if (valueAt >= source.length) throw cannotParse(`Unclosed start tag "${tag}" at byte offset ${at}`);
  if (equals === null) return { name, value: '', end: start + name.length };
  const quote = source[valueAt];
  return quote === '"' || quote === "'"
    ? readQuoted(source, valueAt, name, quote, at)
    : readToken(source, valueAt, name, at);
};

const readQuoted = (source: string, start: number, name: string, quote: string, at: number): Attribute => {
  const end = source.indexOf(quote, start + 1);
  if (end === -1 || end + 1 >= source.length) {
    throw cannotParse(`Unclosed start tag at byte offset ${at}`);
  }
  return { name, value: decodeCharacters(source.slice(start + 1, end)), end: end + 1 };
};

const readToken = (source: string, start: number, name: string, at: number): Attribute => {
  const value = /^[a-z\d.-]*/i.exec(source.slice(start))?.[0] ?? '';
  const after = source[start + value.length];
  if (after === undefined) throw cannotParse(`Unclosed start tag at byte offset ${at}`);
  if (!/[\s>]/.test(after)) {
    throw cannotParse(`Unexpected end of name token at byte offset ${byteOffset(source, start)}`);
  }
  return { name, value: value.toLowerCase(), end: start + value.length };
};
