import type { Finding, Path } from './problem.ts';

/**
 * What must be known before anything walks through a value by recursion: that it ends. Aliases can make a
 * small file huge or endless, and a key called __proto__ would change the object instead of standing in it.
 */
export const findUnfit = (value: unknown): Finding | undefined => {
  const left: { readonly node: unknown; readonly path: Path }[] = [{ node: value, path: [] }];
  for (let seen = 0; ; seen += 1) {
    const next = left.pop();
    if (next === undefined) return undefined;
    const { node, path } = next;
    if (seen > NODES_MAX) return { path: [], message: `holds more than ${NODES_MAX} values` };
    if (path.length > DEPTH_MAX)
      return { path: path.slice(0, 3), message: `is nested more than ${DEPTH_MAX} deep` };
    if (typeof node !== 'object' || node === null) continue;
    if (Object.hasOwn(node, '__proto__'))
      return { path: [...path, '__proto__'], message: 'this key is not allowed', on: 'key' };
    for (const [key, each] of Object.entries(node)) {
      left.push({ node: each, path: [...path, Array.isArray(node) ? Number(key) : key] });
    }
  }
};

const NODES_MAX = 50_000;
const DEPTH_MAX = 40;
