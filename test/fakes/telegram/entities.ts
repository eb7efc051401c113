import type { Entity, FormattedText } from './wire.ts';

const patterns: readonly { readonly type: string; readonly pattern: RegExp }[] = [
  { type: 'bot_command', pattern: /(?<![\w/])\/[a-z\d_]{1,64}(?:@[a-z\d_]{3,32})?(?![\w/])/giu },
  { type: 'mention', pattern: /(?<![\w/@])@[a-z\d_]{4,32}(?!\w)/giu },
  { type: 'url', pattern: /(?<!\w)https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/giu },
  { type: 'email', pattern: /(?<![\w.])[\w.+-]+@[a-z\d-]+\.[a-z.]{2,}(?!\w)/giu },
  { type: 'hashtag', pattern: /(?<!\w)#[\p{L}\d_]*\p{L}[\p{L}\d_]*/giu },
];
const hints = /[/@#]/;

/** The entities Telegram finds by itself in what anybody writes. */
export const detectEntities = (text: string): readonly Entity[] => {
  if (!hints.test(text)) return [];
  const found: Entity[] = [];
  for (const { type, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (!found.some((other) => overlaps(other, entity))) found.push(entity);
    }
  }
  return sortEntities(found);
};

const opaque: ReadonlySet<string> = new Set(['pre', 'code', 'text_link']);
const styles: ReadonlySet<string> = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler']);

/** What the server makes of a parsed text: trimmed, styles cut out of code, links and commands found. */
export const tidyText = (formatted: FormattedText): FormattedText => {
  const firstEntityAt = Math.min(...formatted.entities.map((entity) => entity.offset), formatted.text.length);
  const blank = formatted.text.length - formatted.text.trimStart().length;
  const lead = Math.min(blank, firstEntityAt);
  const text = formatted.text.slice(lead).trimEnd();
  const moved = formatted.entities.map((entity) =>
    clip({ ...entity, offset: entity.offset - lead }, text.length),
  );
  const given = moved.filter((entity) => entity.length > 0);
  const code = given.filter((entity) => entity.type === 'pre' || entity.type === 'code');
  const cut = code.length === 0 ? given : given.flatMap((entity) => outside(entity, code));
  const detected = detectEntities(text).filter(
    (entity) => !cut.some((other) => opaque.has(other.type) && overlaps(other, entity)),
  );
  return { text, entities: sortEntities([...cut, ...detected]) };
};

const overlaps = (one: Entity, other: Entity): boolean =>
  one.offset < other.offset + other.length && other.offset < one.offset + one.length;

const clip = (entity: Entity, end: number): Entity => ({
  ...entity,
  length: Math.min(entity.length, end - entity.offset),
});

/** Code cannot be bold: a style that covers code keeps only the parts before and after it. */
const outside = (entity: Entity, code: readonly Entity[]): readonly Entity[] => {
  if (!styles.has(entity.type)) return [entity];
  let parts: readonly Entity[] = [entity];
  for (const hole of code) parts = parts.flatMap((part) => withoutHole(part, hole));
  return parts;
};

const withoutHole = (part: Entity, hole: Entity): readonly Entity[] => {
  if (!overlaps(part, hole)) return [part];
  const partEnd = part.offset + part.length;
  const holeEnd = hole.offset + hole.length;
  const left = { ...part, length: hole.offset - part.offset };
  const right = { ...part, offset: holeEnd, length: partEnd - holeEnd };
  return [left, right].filter((piece) => piece.length > 0);
};

const sortEntities = (entities: readonly Entity[]): readonly Entity[] =>
  entities.toSorted((one, other) => one.offset - other.offset || other.length - one.length);
