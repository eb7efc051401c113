import { createHash } from 'node:crypto';
import { canonical } from '../core/runs/canonical.ts';
import type { CatalogFile } from './catalog-file.ts';
import type { DatabaseSettings, Settings } from './settings.ts';

/**
 * One short name for what an installation goes by: two with the same hash behave the same. It covers every setting and the whole
 * catalog with their defaults; of a secret only whether there is one, so that the hash gives nothing away and outlives a rotation.
 */
export const configHash = (settings: Settings, catalog: CatalogFile): string =>
  `sha256:${createHash('sha256').update(effectiveConfig(settings, catalog)).digest('hex')}`;

/** What is hashed, as text that anybody can compare. */
export const effectiveConfig = (settings: Settings, catalog: CatalogFile): string =>
  canonical(withoutFractions({ settings: withoutSecrets(settings), catalog }));

const withoutSecrets = (settings: Settings): unknown => {
  const { telegram, slack, twilio, oidc, apiTokens, database } = settings;
  return {
    ...settings,
    database: withoutPassword(database),
    apiTokens: apiTokens.map(({ name, role, token }) => ({ name, role, token: said(token) })),
    ...(telegram && {
      telegram: { ...telegram, token: said(telegram.token), webhookSecret: said(telegram.webhookSecret) },
    }),
    ...(slack && {
      slack: {
        ...slack,
        botToken: said(slack.botToken),
        signingSecret: said(slack.signingSecret),
        appToken: said(slack.appToken),
        ...(slack.oauth && { oauth: { ...slack.oauth, clientSecret: said(slack.oauth.clientSecret) } }),
      },
    }),
    ...(twilio && { twilio: { ...twilio, authToken: said(twilio.authToken) } }),
    ...(oidc && {
      oidc: { ...oidc, ...(oidc.client && { client: { ...oidc.client, secret: said(oidc.client.secret) } }) },
    }),
    // Of the tests alone.
    testDatabaseUrl: undefined,
  };
};

const said = (secret: string | undefined): 'set' | 'unset' =>
  secret === undefined || secret === '' ? 'unset' : 'set';

/** Of an address everything may matter but the password, wherever in it that stands. */
const withoutPassword = (database: DatabaseSettings): unknown => {
  if (database.dialect === 'sqlite') return database;
  const url = new URL(database.url);
  const password = said(url.password || (url.searchParams.get('password') ?? undefined));
  url.password = '';
  url.searchParams.delete('password');
  return { dialect: 'pg', url: url.href, password };
};

/** The canonical form knows whole numbers only; a limit of a parameter may be another one. */
const withoutFractions = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withoutFractions);
  if (value instanceof RegExp) return value.source;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutFractions(inner)]));
};
