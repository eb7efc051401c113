import type { StartTag } from './html-tags.ts';
import { byteOffset, cannotParse, decodeCharacters, readTag } from './html-tags.ts';
import type { Entity, FormattedText } from './wire.ts';

interface OpenTag {
  readonly tag: StartTag;
  readonly offset: number;
}

/** A `code` entity remembers its language class until a surrounding `pre` may claim it. */
interface Draft extends Entity {
  readonly codeLanguage?: string | undefined;
}

const styleOf: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
};

/** Telegram's parse_mode=HTML: the same tags, the same tolerance, the same complaints, offsets in UTF-16. */
export const parseHtml = (source: string): FormattedText => {
  const open: OpenTag[] = [];
  const entities: Draft[] = [];
  let text = '';
  let position = 0;
  while (position < source.length) {
    const next = source.indexOf('<', position);
    text += decodeCharacters(source.slice(position, next === -1 ? source.length : next));
    if (next === -1) break;
    const tag = readTag(source, next);
    position = tag.end;
    if (tag.kind === 'start') open.push({ tag, offset: text.length });
    else closeTag(open, entities, tag.name, text, byteOffset(source, next));
  }
  const left = open.at(-1);
  if (left !== undefined)
    throw cannotParse(`Can't find end tag corresponding to start tag "${left.tag.name}"`);
  return { text, entities: entities.map(({ codeLanguage: _, ...entity }) => entity) };
};

const closeTag = (open: OpenTag[], entities: Draft[], name: string, text: string, at: number): void => {
  const opened = open.pop();
  if (opened === undefined) throw cannotParse(`Unexpected end tag at byte offset ${at}`);
  if (name !== '' && name !== opened.tag.name) {
    const pair = `expected "</${opened.tag.name}>", found "</${name}>"`;
    throw cannotParse(`Unmatched end tag at byte offset ${at}, ${pair}`);
  }
  if (text.length === opened.offset) return;
  const entity = entityOf(opened, entities, text);
  if (entity !== undefined) entities.push(entity);
};

const entityOf = (opened: OpenTag, entities: Draft[], text: string): Draft | undefined => {
  const { name, attributes } = opened.tag;
  const place = { offset: opened.offset, length: text.length - opened.offset };
  const style = styleOf[name];
  if (style !== undefined) return { type: style, ...place };
  if (name === 'a') return linkOf(attributes['href'] || text.slice(opened.offset), place);
  if (name === 'blockquote') {
    return {
      type: attributes['expandable'] === undefined ? 'blockquote' : 'expandable_blockquote',
      ...place,
    };
  }
  if (name === 'tg-emoji') return emojiOf(attributes['emoji-id'] ?? '', place);
  if (name === 'tg-time') return timeOf(attributes['unix'] ?? '', attributes['format'] ?? '', place);
  return codeOf(name, attributes['class'] ?? '', entities, place);
};

type Place = Pick<Entity, 'offset' | 'length'>;

// A link that is no link is silently dropped; its text stays.
const linkOf = (href: string, place: Place): Draft | undefined => {
  const user = /^tg:\/\/user\?id=(\d+)$/.exec(href);
  if (user !== null) return undefined;
  const url = /^[a-z][a-z\d+.-]*:/i.test(href) ? href : `http://${href}`;
  if (!URL.canParse(url) || /\s/.test(href) || (!href.includes('.') && !href.includes(':'))) return undefined;
  return { type: 'text_link', ...place, url: new URL(url).href };
};

const emojiOf = (id: string, place: Place): Draft => {
  if (!/^[1-9]\d*$/.test(id)) throw cannotParse('Invalid custom emoji identifier specified');
  return { type: 'custom_emoji', ...place, custom_emoji_id: id };
};

const timeOf = (unix: string, format: string, place: Place): Draft | undefined => {
  if (!/^(r|w?[dD]?[tT]?)$/.test(format)) throw cannotParse('Invalid date format used');
  const time = Number.parseInt(unix, 10);
  return time > 0 ? { type: 'date_time', ...place, unix_time: time, date_time_format: format } : undefined;
};

// `<pre><code class="language-x">` is one entity that knows its language, in either order of nesting.
const codeOf = (name: string, className: string, entities: Draft[], place: Place): Draft => {
  const language = className.startsWith('language-') ? className.slice('language-'.length) : undefined;
  const inner = entities.at(-1);
  const isWrapped = inner?.offset === place.offset && inner.length === place.length;
  if (name === 'pre') {
    if (!isWrapped || inner.codeLanguage === undefined) return { type: 'pre', ...place };
    entities.pop();
    return { type: 'pre', ...place, language: inner.codeLanguage };
  }
  if (isWrapped && inner.type === 'pre' && language !== undefined) {
    entities.pop();
    return { type: 'pre', ...place, language };
  }
  return { type: 'code', ...place, codeLanguage: language };
};
