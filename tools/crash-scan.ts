// Lists the places where the program would rather crash than check: `npm run crash-scan`, or with a folder of its own.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

export interface Offence {
  readonly file: string;
  readonly line: number;
  readonly rule: Rule;
  readonly code: string;
}

export type Rule =
  | 'non-null assertion'
  | 'any'
  | 'double cast without a reason'
  | 'silenced compiler'
  | 'empty catch'
  | 'process.exit';

/** The program ends here; anywhere else it would end without handing anything back. */
const MAY_EXIT = /(^|\/)src\/(main|program\/signals)\.ts$/;

export const scanText = (file: string, text: string): readonly Offence[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const comments = commentsOf(source);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const commented = new Set(
    comments.flatMap(({ pos, end }) => {
      const first = lineAt(pos);
      return Array.from({ length: lineAt(end) - first + 1 }, (_, index) => first + index);
    }),
  );
  const found: Offence[] = [];
  const report = (rule: Rule, position: number): void => {
    const line = lineAt(position);
    found.push({ file, line, rule, code: text.split('\n')[line - 1]?.trim() ?? '' });
  };
  for (const { pos, end } of comments) {
    if (/@ts-(ignore|expect-error|nocheck)/.test(text.slice(pos, end))) report('silenced compiler', pos);
  }
  const visit = (node: ts.Node): void => {
    const position = positionOf(node);
    const line = lineAt(position);
    const rule = ruleOf(node, { file, comments });
    const reasoned = commented.has(line) || commented.has(line - 1);
    if (rule !== undefined && !(rule === 'double cast without a reason' && reasoned)) report(rule, position);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.toSorted((a, b) => a.line - b.line);
};

interface Context {
  readonly file: string;
  readonly comments: readonly ts.TextRange[];
}

/** What this node alone does wrong. */
const ruleOf = (node: ts.Node, { file, comments }: Context): Rule | undefined => {
  if (ts.isNonNullExpression(node) || isPromisedLater(node)) return 'non-null assertion';
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any';
  if (isCast(node) && isCast(bare(node.expression))) {
    return 'double cast without a reason';
  }
  if (ts.isCatchClause(node)) {
    const { statements, pos, end } = node.block;
    // A comment in the braces says why there is nothing to do.
    const explained = comments.some((comment) => comment.pos > pos && comment.end < end);
    return statements.length === 0 && !explained ? 'empty catch' : undefined;
  }
  return isExit(node) && !MAY_EXIT.test(file) ? 'process.exit' : undefined;
};

const isCast = (node: ts.Node): node is ts.AsExpression | ts.TypeAssertion =>
  ts.isAsExpression(node) || ts.isTypeAssertionExpression(node);

const bare = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ? bare(node.expression) : node;

/** `let later!: Thing` is the same promise as `thing!`. */
const isPromisedLater = (node: ts.Node): boolean =>
  (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) && node.exclamationToken !== undefined;

const isExit = (node: ts.Node): boolean => {
  if (ts.isPropertyAccessExpression(node)) {
    const owner = node.expression;
    return ts.isIdentifier(owner) && owner.text === 'process' && ENDINGS.has(node.name.text);
  }
  if (!ts.isImportSpecifier(node) || !ENDINGS.has((node.propertyName ?? node.name).text)) return false;
  const { moduleSpecifier } = node.parent.parent.parent;
  return ts.isStringLiteral(moduleSpecifier) && /^(node:)?process$/.test(moduleSpecifier.text);
};

const ENDINGS: ReadonlySet<string> = new Set(['exit', 'abort', 'reallyExit']);

/** A long expression is cast at its end, and that is where its reason stands. */
const positionOf = (node: ts.Node): number =>
  ts.isAsExpression(node) ? node.expression.getEnd() : node.getStart();

/** Comments lie between tokens; a text that only looks like one lies inside a token. */
const commentsOf = (source: ts.SourceFile): readonly ts.TextRange[] => {
  const found = new Map<number, ts.TextRange>();
  const visit = (node: ts.Node): void => {
    const from = node.getFullStart();
    const before = ts.getLeadingCommentRanges(source.text, from) ?? [];
    const after = ts.getTrailingCommentRanges(source.text, from) ?? [];
    // Every node that begins with a token sees the same comments.
    for (const comment of [...before, ...after]) found.set(comment.pos, comment);
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...found.values()];
};

export interface Scan {
  readonly files: number;
  readonly offences: readonly Offence[];
}

export const scanFolder = async (folder: string): Promise<Scan> => {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .toSorted();
  const offences: Offence[] = [];
  for (const name of names) {
    const path = join(folder, name).replaceAll('\\', '/');
    offences.push(...scanText(path, await readFile(path, 'utf8')));
  }
  return { files: names.length, offences };
};

const main = async (folder: string): Promise<void> => {
  const { files, offences } = await scanFolder(folder);
  for (const { file, line, rule, code } of offences) {
    process.stdout.write(`${file}:${line} ${rule}: ${code}\n`);
  }
  const ways = offences.length === 1 ? '1 way' : `${offences.length} ways`;
  process.stdout.write(`${ways} to crash found in ${files} files\n`);
  // A scan that looked at nothing finds nothing either.
  if (offences.length > 0 || files === 0) process.exitCode = 1;
};

if (import.meta.main) await main(process.argv[2] ?? 'src');
