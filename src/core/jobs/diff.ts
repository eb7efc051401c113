import type { JobSpec, JsonValue } from './job.ts';

/** One place in which two versions of a job differ; a side without a value has nothing there. */
export interface SpecChange {
  /** `approval.decideByMs`, `params.db.default`. */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** What became of a definition, by path. A list is one value: its order and its length mean something. */
export const diffSpecs = (before: JobSpec, after: JobSpec): readonly SpecChange[] =>
  changes('', asJson(before), asJson(after));

type Tree = { readonly [key: string]: JsonValue };

/** A definition is stored as JSON, so nothing is lost on the way. */
const asJson = (spec: JobSpec): Tree => JSON.parse(JSON.stringify(spec)) as Tree;

const changes = (at: string, before: Tree, after: Tree): readonly SpecChange[] => {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name): readonly SpecChange[] => {
    const path = at === '' ? name : `${at}.${name}`;
    const [a, b] = [before[name], after[name]];
    if (isTree(a) && isTree(b)) return changes(path, a, b);
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    return [{ path, ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) }];
  });
};

const isTree = (value: JsonValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
