/** A place in the file that a person can be pointed at. Line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** How many characters the caret line marks. */
  readonly length: number;
  /** The whole source line. */
  readonly text: string;
}

export interface ConfigProblem {
  readonly file: string;
  /** `jobs.backup.retry.attempts`; empty when the file as a whole is meant. */
  readonly path: string;
  readonly message: string;
  /** Missing only where the format gives no positions (TOML values). */
  readonly place?: Place;
}

export type Path = readonly (string | number)[];

/** Something wrong with a value, before it is known where in the file the value stands. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** Whether the key or the value is to blame; the value unless said otherwise. */
  readonly on?: 'key' | 'value';
}

/** `textops.yaml:7:12 jobs.backup.retry.atempts: unknown key; did you mean "attempts"?` */
export const problemLine = ({ file, path, message, place }: ConfigProblem): string => {
  const where = place === undefined ? file : `${file}:${place.line}:${place.column}`;
  return path === '' ? `${where} ${message}` : `${where} ${path}: ${message}`;
};

/** The line, and below it the source with the place marked. */
export const formatProblem = (problem: ConfigProblem): string => {
  if (problem.place === undefined) return problemLine(problem);
  const { line, column, length, text } = problem.place;
  const number = String(line);
  // A very long line is shown around the place only.
  const from = column > SOURCE_WIDTH - 20 ? column - 20 : 0;
  const shown = text.slice(from, from + SOURCE_WIDTH);
  // Tabs stay tabs below the source, or the caret would stand in the wrong column.
  const indent = shown.slice(0, column - 1 - from).replaceAll(/[^\t]/g, ' ');
  const marks = '^'.repeat(Math.max(1, Math.min(length, shown.length - indent.length)));
  return `${problemLine(problem)}\n  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${indent}${marks}`;
};

/** All of them for a terminal; the first ones in full, because one slip of indentation can cause hundreds. */
export const formatProblems = (problems: readonly ConfigProblem[]): string => {
  const shown = problems.slice(0, PROBLEMS_SHOWN).map(formatProblem);
  const rest = problems.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more below`] : [])].join('\n');
};

const SOURCE_WIDTH = 100;
const PROBLEMS_SHOWN = 30;

/** `jobs["my.job"].command[2]` */
export const pathText = (path: Path): string =>
  path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return at === 0 ? part : `.${part}`;
    })
    .join('');
