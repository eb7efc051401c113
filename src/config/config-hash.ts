import { createHash } from 'node:crypto';
import type { CatalogFile } from './catalog-file.ts';
import type { Settings } from './settings.ts';
import { withoutSecrets } from './without-secrets.ts';

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
    if (ADDRESSES.has(key) && typeof part === 'string') return withoutSecrets(part);
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

/** Names of the settings that are addresses, in which a password may stand. */
const ADDRESSES: ReadonlySet<string> = new Set([
  'url',
  'publicUrl',
  'apiRoot',
  'issuer',
  'otlpEndpoint',
  'testDatabaseUrl',
]);
