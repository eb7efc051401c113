import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const MANIFEST = 'release.json';
export const SUMS = 'SHA256SUMS';
export const SBOM = 'sbom.cdx.json';

/** What a release says about itself, as the file `release.json` in it. */
export const Manifest = z.object({
  name: z.literal('textops'),
  /** Sorts by the time of its commit. */
  id: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{4}Z-[0-9a-f]{7}$/),
  version: z.string(),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  committedAt: z.string(),
  node: z.string(),
  /** Of the configuration that it was built with; whoever runs it may have another one. */
  configHash: z.string(),
  lockfileHash: z.string(),
  schema: z.object({
    /** The newest migration in it. */
    newest: z.string(),
    /** A program without this one cannot work with a database that has it. */
    rollbackFloor: z.string(),
  }),
  tests: z.object({
    passed: z.number(),
    failed: z.number(),
    skipped: z.number(),
    startedAt: z.string(),
  }),
  sbom: z.object({ file: z.string(), components: z.number(), sha256: z.string() }),
});

export type Manifest = z.output<typeof Manifest>;

/** Undefined where there is none: a clone is no release. */
export const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  const file = join(folder, MANIFEST);
  return existsSync(file) ? Manifest.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined;
};

/** Where this program lies: from src/cli/release and from dist/cli/release it begins three folders up. */
export const ownFolder = (): string => fileURLToPath(new URL('../../../', import.meta.url));
