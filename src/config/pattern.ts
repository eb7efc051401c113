/**
 * What is wrong with a regular expression that strangers' text will be held against; undefined when it is
 * fine.
 */
export const patternProblem = (pattern: string): string | undefined => {
  try {
    wholePattern(pattern);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `not a regular expression: ${error.message.replace(/^Invalid regular expression: .*: /s, '')}`;
  }
  if ([...withoutClasses(pattern).matchAll(/\\(.)/gsu)].some(([, sign = '']) => /[1-9k]/.test(sign)))
    return 'back references are refused: matching them can take forever';
  return repeatsARepetition(pattern)
    ? 'a repetition inside a repeated group is refused: a short text could keep it busy forever'
    : undefined;
};

/** The pattern as it is used: it must match the whole text. */
export const wholePattern = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'u');

/**
 * A group as the scanner sees it: how often its content can repeat inside, and whether it offers a choice.
 */
interface Group {
  repeats: number;
  choice: boolean;
}

/**
 * `(a+)+`, `(a|ab)*` and their relatives: matching time grows exponentially with the text. Fixed counts and
 * small ones are fine, so `(\d{1,3}\.){3}` passes. It refuses some harmless patterns too, which can be
 * written without the group.
 */
const repeatsARepetition = (pattern: string): boolean => {
  const text = withoutClasses(pattern);
  const open: Group[] = [{ repeats: 1, choice: false }];
  let closed: Group | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const inner = closed;
    closed = undefined;
    const group = open.at(-1) ?? { repeats: 1, choice: false };
    const sign = text[at];
    const count = repetitionAt(text, at);
    if (count !== undefined) {
      at += count.length - 1;
      // Once or not at all is a choice as well, so it counts as two.
      const most = count.fixed ? 1 : Math.max(2, count.most);
      if (inner !== undefined && count.most > 1 && (inner.choice || inner.repeats > 1)) {
        if (inner.choice && count.most > SMALL) return true;
        if (inner.repeats * count.most > SMALL * SMALL) return true;
      }
      group.repeats = Math.max(group.repeats, most * (inner?.repeats ?? 1));
    } else if (sign === '\\') at += 1;
    else if (sign === '|') group.choice = true;
    else if (sign === '(') open.push({ repeats: 1, choice: false });
    else if (sign === ')') {
      closed = open.pop();
      const outer = open.at(-1);
      if (outer !== undefined && closed !== undefined) {
        outer.repeats = Math.max(outer.repeats, closed.repeats);
        outer.choice ||= closed.choice;
      }
    }
  }
  return false;
};

const SMALL = 4;

/**
 * Character classes contain signs that mean nothing there; a class is one character as far as time is
 * concerned.
 */
const withoutClasses = (pattern: string): string =>
  pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gu, (part) => (part.startsWith('[') ? '.' : part));

const repetitionAt = (
  text: string,
  at: number,
): { readonly length: number; readonly most: number; readonly fixed: boolean } | undefined => {
  const sign = text[at];
  if (sign === '?') return text[at - 1] === '(' ? undefined : { length: 1, most: 1, fixed: false };
  if (sign === '*' || sign === '+') return { length: 1, most: Number.POSITIVE_INFINITY, fixed: false };
  const counted = sign === '{' ? /^\{(\d+)(,?)(\d*)\}/.exec(text.slice(at)) : null;
  if (counted === null) return undefined;
  const [whole, least, comma, most] = counted;
  if (comma === '') return { length: whole.length, most: Number(least), fixed: true };
  return {
    length: whole.length,
    most: most === '' ? Number.POSITIVE_INFINITY : Number(most),
    fixed: most === least,
  };
};
