import type { Document, Node, YAMLError } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, visit } from 'yaml';
import type { ConfigProblem, Path, Place } from './problem.ts';
import { pathText } from './problem.ts';
import { quoted } from './suggest.ts';

export interface Source {
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Where a value or its key stands; the nearest enclosing thing when it is not in the file at all. */
  readonly placeOf: (path: Path, on: 'key' | 'value') => Place | undefined;
}

/**
 * YAML 1.2 with positions. Duplicate keys are found together with everything else; broken syntax ends the
 * reading.
 */
export const readYaml = (text: string, file: string): Source => {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: true,
    merge: false,
  });
  const lines = text.split(/\r?\n/);
  const placeAt = (from: number, to: number): Place => {
    const { line, col } = counter.linePos(from);
    const source = lines[line - 1] ?? '';
    const length = Math.max(1, Math.min(to - from, source.length - col + 1));
    return { line, column: Math.max(1, col), length, text: source };
  };
  const problems = [
    ...syntaxProblems(document, counter),
    ...aliasProblems(document),
    ...versionProblems(document),
  ].map(({ from, to, path, message }) => ({ file, path: pathText(path), message, place: placeAt(from, to) }));
  const readable =
    document.errors.every(({ code }) => code === 'DUPLICATE_KEY') && problems.every(isDuplicate);
  const value = readable ? valueOf(document) : undefined;
  if (value instanceof ReferenceError)
    problems.push({ file, path: '', message: 'uses too many aliases', place: placeAt(0, 1) });
  return {
    value: value instanceof ReferenceError ? undefined : value,
    problems,
    placeOf: (path, on) => {
      const [from, to] = rangeOf(document, path, on);
      return placeAt(from, to);
    },
  };
};

/** The reader's way to say that a few aliases would grow into a huge value. */
const valueOf = (document: Document.Parsed): unknown => {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
};

const ALIASES_MAX = 50;
const SYNTAX_PROBLEMS_MAX = 20;

interface Spot {
  readonly from: number;
  readonly to: number;
  readonly path: Path;
  readonly message: string;
}

const isDuplicate = ({ message }: ConfigProblem): boolean => message === WRITTEN_TWICE;
const WRITTEN_TWICE = 'this key is written twice';

const syntaxProblems = (document: Document.Parsed, counter: LineCounter): Spot[] => {
  const tooDeep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) return [spotOf(tooDeep, 'nested too deeply')];
  const told = new Set<number>();
  return [...document.errors, ...document.warnings].slice(0, SYNTAX_PROBLEMS_MAX).flatMap((error) => {
    if (error.code === 'DUPLICATE_KEY')
      return [{ ...spotOf(error, WRITTEN_TWICE), path: keyPathAt(document, error.pos[0]) }];
    // One unclosed quote is reported once more by everything around it, on the same line.
    const { line } = counter.linePos(error.pos[0]);
    if (told.has(line)) return [];
    told.add(line);
    return [spotOf(error, `not valid YAML: ${error.message.replace(/; please use .*$/, '')}`)];
  });
};

const spotOf = (error: YAMLError, message: string): Spot => ({
  from: error.pos[0],
  to: error.pos[1],
  path: [],
  message,
});

const aliasProblems = (document: Document.Parsed): Spot[] => {
  const spots: Spot[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const [from = 0, to = 0] = alias.range ?? [];
      spots.push({
        from,
        to,
        path: [],
        message: `no anchor called ${quoted(alias.source)} comes before this`,
      });
    },
  });
  return spots.slice(0, SYNTAX_PROBLEMS_MAX);
};

/** An older version would turn `no` into false and 22:00 into a number behind everybody's back. */
const versionProblems = ({ directives }: Document.Parsed): Spot[] =>
  directives.yaml.version === '1.2'
    ? []
    : [
        {
          from: 0,
          to: 1,
          path: [],
          message: 'not valid YAML: only version 1.2 is read; remove the %YAML line',
        },
      ];

/** The path of the key that begins at this offset. */
const keyPathAt = (document: Document.Parsed, offset: number): Path => {
  let found: Path = [];
  visit(document, {
    Pair: (_, pair, ancestors) => {
      if (rangeStart(pair.key) !== offset) return undefined;
      found = [...ancestors, pair].flatMap((node, at, all) => stepOf(node, all[at + 1]));
      return visit.BREAK;
    },
  });
  return found;
};

const stepOf = (node: unknown, child: unknown): Path => {
  if (isSeq(node)) return [node.items.indexOf(child)];
  return isPair(node) ? [keyText(node)] : [];
};

const isPair = (node: unknown): node is Pair =>
  typeof node === 'object' && node !== null && 'key' in node && 'value' in node && !isScalar(node);

// Keys of a parsed document are nodes.
const rangeStart = (node: unknown): number | undefined => (node as Node | null)?.range?.[0];

const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

const rangeOf = (document: Document.Parsed, path: Path, on: 'key' | 'value'): readonly [number, number] => {
  let node: unknown = document.contents;
  let key: unknown;
  let depth = 0;
  for (const part of path) {
    const inside = isAlias(node) ? node.resolve(document) : node;
    const next = childOf(inside, part);
    if (next === undefined) break;
    ({ key, value: node } = next);
    depth += 1;
  }
  const whole = depth === path.length;
  // A block of lines is best marked by the key above it, a value by itself.
  const marked = key !== undefined && (!whole || on === 'key' || !isOneLine(node)) ? key : node;
  // Nodes of a parsed document have a range.
  const range = (marked as Node | null)?.range ?? document.contents?.range;
  return range ? [range[0], range[1]] : [0, 1];
};

const isOneLine = (node: unknown): boolean =>
  (isScalar(node) && node.source !== '') ||
  isAlias(node) ||
  ((isMap(node) || isSeq(node)) && node.flow === true);

const childOf = (
  node: unknown,
  part: string | number,
): { readonly key: unknown; readonly value: unknown } | undefined => {
  if (isMap(node)) {
    const pair = node.items.find((each) => keyText(each) === String(part));
    return pair === undefined ? undefined : { key: pair.key, value: pair.value ?? pair.key };
  }
  if (!isSeq(node) || typeof part !== 'number' || node.items[part] === undefined) return undefined;
  return { key: node.items[part], value: node.items[part] };
};
