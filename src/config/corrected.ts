import type { ConfigProblem, Place } from './problem.ts';
import { suggestionIn } from './suggest.ts';

/** Gives every problem whose cure is one word the whole line as it should read, with all such words of that line. */
export const withCorrectedLines = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] => {
  const edits = problems.map(editOf);
  const byLine = Map.groupBy(edits.filter(isEdit), ({ place }) => place.line);
  const lines = new Map(
    [...byLine].map(([line, [first, ...rest]]) => [
      line,
      first && edited(first.place.text, [first, ...rest]),
    ]),
  );
  return problems.map((problem, at): ConfigProblem => {
    const instead = lines.get(edits[at]?.place.line ?? 0);
    return instead === undefined ? problem : { ...problem, instead };
  });
};

interface Edit {
  readonly place: Place;
  readonly text: string;
}

const isEdit = (edit: Edit | undefined): edit is Edit => edit !== undefined;

const editOf = ({ path, message, place }: ConfigProblem): Edit | undefined => {
  const right = suggestionIn(message);
  if (place === undefined || right === undefined || !PLAIN.test(right.word)) return undefined;
  if (place.text.length > LINE_LENGTH_MAX) return undefined;
  const marked = place.text.slice(place.column - 1, place.column - 1 + place.length);
  if (right.whole) return { place, text: right.text };
  // A key is called wrong by its path, a value by the first word that the message quotes.
  const key = /([\w-]+)$/.exec(path)?.[1];
  const wrong = key !== undefined && unquoted(marked) === key ? key : /"([^"\\]+)"/.exec(message)?.[1];
  const text = wrong === undefined ? marked : replaced(marked, wrong, right.text);
  return text === marked ? undefined : { place, text };
};

/** Nobody copies more than that. */
const LINE_LENGTH_MAX = 400;
/** Anything else might need quotes or escapes where it is put. */
const PLAIN = /^[\w./+:-]+$/;

const unquoted = (text: string): string => text.replaceAll(/^["']|["']$/g, '');

/** The word may also occur by chance around itself: `role:rol`, `bd-{bd}`. */
const replaced = (marked: string, wrong: string, right: string): string => {
  const [before = '', after = ''] =
    FRAMES.find(([open, close]) => marked.includes(open + wrong + close)) ?? [];
  return marked.replace(before + wrong + after, () => before + right + after);
};

const FRAMES = [
  ['{', '}'],
  ['role:', ''],
] as const;

/** From the right to the left, so that no edit moves the place of the next one. */
const edited = (line: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.place.column - a.place.column)
    .reduce((text, { place: { column, length }, text: word }, at, all) => {
      if (all[at - 1]?.place.column === column) return text;
      return text.slice(0, column - 1) + word + text.slice(column - 1 + length);
    }, line)
    .trim();
