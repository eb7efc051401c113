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
  /** The line as it should read, where the right word is known. */
  readonly instead?: string;
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

/** For a log, where every record is one line. */
export const problemSentence = (problem: ConfigProblem): string =>
  `${problemLine(problem)}${problem.instead === undefined ? '' : ` → ${problem.instead}`}`;

/** The line, below it the source with the place marked, and the corrected line to copy where it is known. */
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
  const source = `  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${indent}${marks}`;
  const instead = problem.instead === undefined ? '' : `\n  → ${problem.instead}`;
  return `${problemLine(problem)}\n${source}${instead}`;
};

/** All of them for a terminal; the first ones in full, because one slip of indentation can cause hundreds. */
export const formatProblems = (problems: readonly ConfigProblem[]): readonly string[] =>
  problems.map((problem, at) => (at < PROBLEMS_IN_FULL ? formatProblem(problem) : problemLine(problem)));

const SOURCE_WIDTH = 100;
const PROBLEMS_IN_FULL = 30;

/** `jobs["my.job"].command[2]` */
export const pathText = (path: Path): string =>
  path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return at === 0 ? part : `.${part}`;
    })
    .join('');
