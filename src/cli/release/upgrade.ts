import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isExpansion } from '../../db/migrations.ts';
import { readManifest } from './manifest.ts';

/** What whoever runs a release has to know of it before it comes. */
export interface Release {
  readonly name: string;
  /** As in `engines`: ">=22.18". */
  readonly node: string;
  readonly migrations: readonly string[];
  /** Variables of the environment, and keys of textops.yaml with NAME where a name of one's own stands. */
  readonly keys: readonly string[];
}

export interface Upgrade {
  readonly from: string | null;
  readonly to: string;
  /** Those that the database does not have from the release before. `contracts`: the release before cannot live with it. */
  readonly migrations: readonly { readonly name: string; readonly contracts: boolean }[];
  readonly newKeys: readonly string[];
  /** Whoever has one of them set is told at the start, or not started. */
  readonly goneKeys: readonly string[];
  readonly node: { readonly needs: string; readonly here: string; readonly enough: boolean };
}

/** The same for an unpacked release; `schema` is what its `config schema` says. */
export const factsOf = async (folder: string, schema: unknown): Promise<Release> => {
  const manifest = await readManifest(folder);
  const { engines } = Package.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  return {
    name: manifest === undefined ? folder : `${manifest.version} (${manifest.commit.slice(0, 7)})`,
    node: engines?.node ?? '',
    migrations: await migrationsIn(join(folder, 'drizzle', 'sqlite')),
    keys: [...(await variablesIn(join(folder, '.env.example'))), ...keysOf(schema)],
  };
};

const Package = z.object({ engines: z.object({ node: z.string() }).optional() });

/** Both dialects have the same names. */
const migrationsIn = async (folder: string): Promise<readonly string[]> =>
  existsSync(folder)
    ? (await readdir(folder)).flatMap((file) => (file.endsWith('.sql') ? [file.slice(0, -4)] : [])).toSorted()
    : [];

const variablesIn = async (file: string): Promise<readonly string[]> =>
  existsSync(file)
    ? [...(await readFile(file, 'utf8')).matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name)
    : [];

const Node = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** Every key that a JSON Schema of ours knows, as a path. */
export const keysOf = (schema: unknown, at = ''): readonly string[] => {
  const { properties = {}, additionalProperties } = Node.safeParse(schema).data ?? {};
  const below = (name: string, part: unknown): readonly string[] => {
    const path = at === '' ? name : `${at}.${name}`;
    return [path, ...keysOf(part, path)];
  };
  return [
    ...Object.entries(properties).flatMap(([name, part]) => below(name, part)),
    ...(typeof additionalProperties === 'object' ? keysOf(additionalProperties, `${at}.NAME`) : []),
  ];
};

/** `before`: the release that runs, if any. */
export const upgradeOf = (before: Release | undefined, after: Release, node: string): Upgrade => {
  const known = new Set(before?.migrations ?? []);
  const coming = after.migrations.filter((name) => !known.has(name));
  return {
    from: before?.name ?? null,
    to: after.name,
    migrations: coming.map((name) => ({ name, contracts: !isExpansion(name) })),
    newKeys: before === undefined ? [] : after.keys.filter((key) => !before.keys.includes(key)),
    goneKeys: before === undefined ? [] : before.keys.filter((key) => !after.keys.includes(key)),
    node: { needs: after.node, here: node, enough: isEnough(node, after.node) },
  };
};

/** Of the one form that we use: a floor. */
export const isEnough = (version: string, floor: string): boolean => {
  const [have, need] = [version, floor].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let part = 0; part < (need?.length ?? 0); part += 1) {
    const difference = (have?.[part] ?? 0) - (need?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

export const upgradeLines = ({
  from,
  to,
  migrations,
  newKeys,
  goneKeys,
  node,
}: Upgrade): readonly string[] => {
  const lasting = migrations.filter(({ contracts }) => contracts).map(({ name }) => name);
  return [
    `release     ${from === null ? to : `${from} → ${to}`}`,
    `node        ${node.enough ? '' : '✖ '}${node.here} is here, ${node.needs === '' ? 'any will do' : `${node.needs} is needed`}`,
    `migrations  ${list(migrations.map(({ name }) => name))}`,
    ...(from === null || lasting.length === 0
      ? []
      : [`            the way back from ${list(lasting)} is textops db restore`]),
    ...(from === null ? [] : [`new keys    ${list(newKeys)}`, `gone keys   ${list(goneKeys)}`]),
  ];
};

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
