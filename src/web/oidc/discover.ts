import { z } from 'zod';
import { isLoopbackHost } from '../access/guard.ts';

const Document = z.object({ issuer: z.string(), jwks_uri: z.string() });

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How long the provider has for one answer. */
export const ANSWER_MS = 3000;

/**
 * Where the provider publishes its keys, by its own document (OpenID Connect Discovery 1.0). The document must be about the
 * very issuer that was asked for, and keys come over https, or from this machine.
 */
export const discoverKeys = async (issuer: string, ask: Fetch = fetch): Promise<URL> => {
  const address = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const response = await ask(address, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
  if (response.status !== 200) throw new Error(`${address} answers ${response.status}`);
  const read = Document.safeParse(await response.json().catch(() => undefined));
  if (!read.success) throw new Error(`${address} is no document of an identity provider`);
  const { issuer: named, jwks_uri: keys } = read.data;
  if (named !== issuer) throw new Error(`${address} is about ${JSON.stringify(named)}, not ${issuer}`);
  const url = URL.canParse(keys) ? new URL(keys) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.host));
  if (url === undefined || !safe) throw new Error(`${address} names keys that are not behind https`);
  return url;
};

/** While there is no answer, asks once a second at most, however many tokens ask for it. */
export const sparing = (clock: () => number): Fetch => {
  let trouble: { readonly until: number; readonly error: unknown } | undefined;
  return async (url, init) => {
    if (trouble !== undefined && clock() < trouble.until) throw trouble.error;
    try {
      const response = await fetch(url, init);
      if (response.status !== 200) throw new Error(`${new URL(url).host} answers ${response.status}`);
      trouble = undefined;
      return response;
    } catch (error) {
      trouble = { until: clock() + PAUSE_MS, error };
      throw error;
    }
  };
};

const PAUSE_MS = 1000;
