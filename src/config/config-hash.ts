import { createHash } from 'node:crypto';
import type { CatalogFile } from './catalog-file.ts';
import type { Settings } from './settings.ts';

/**
 * Twelve digits by which two installations see whether they are configured alike. Of secrets only whether they are set: the
 * hash is shown where they must not be guessed from.
 */
export const configHash = (settings: Settings, catalog: CatalogFile): string => {
  const known = remembered.get(catalog);
  if (known?.settings === settings) return known.hash;
  const hash = createHash('sha256').update(stable({ settings, catalog })).digest('hex').slice(0, 12);
  remembered.set(catalog, { settings, hash });
  return hash;
};

/** Asked for at every look; a reload brings another catalog. */
const remembered = new WeakMap<CatalogFile, { readonly settings: Settings; readonly hash: string }>();

const stable = (value: unknown): string =>
  JSON.stringify(value, (key, part: unknown) => {
    // A parameter of a job may be called the same, and is no text.
    if (SECRETS.has(key) && typeof part === 'string') return 'set';
    if (key === 'url' && typeof part === 'string') return withoutPassword(part);
    return typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  });

/** Names of the settings that are secrets. */
const SECRETS: ReadonlySet<string> = new Set([
  'token',
  'webhookSecret',
  'botToken',
  'signingSecret',
  'appToken',
  'clientSecret',
  'authToken',
  'secret',
  'ping',
]);

const withoutPassword = (url: string): string => {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = 'set';
  return parsed.href;
};
