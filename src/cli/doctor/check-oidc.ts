import { z } from 'zod';
import type { OidcSettings } from '../../config/settings.ts';
import { ANSWER_MS, discoverKeys } from '../../web/oidc/discover.ts';
import { bad, type Finding, ok } from './finding.ts';

/** Whether the identity provider publishes keys that tokens can be checked with. */
export const checkOidc = async ({ issuer }: OidcSettings): Promise<Finding> => {
  try {
    const url = await discoverKeys(issuer);
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
    const keys = Keys.safeParse(await response.json().catch(() => undefined));
    const usable = keys.success ? keys.data.keys.filter(({ kty }) => ASYMMETRIC.includes(kty)).length : 0;
    return response.status === 200 && usable > 0
      ? ok(WHAT, `${issuer}, ${usable === 1 ? '1 key' : `${usable} keys`}`)
      : bad(WHAT, `${url.href} has no key that a token could be checked with`, CURE);
  } catch (error) {
    return bad(WHAT, wordsOf(error, new URL(issuer).host), CURE);
  }
};

const WHAT = 'identity provider';
const CURE = 'check OIDC_ISSUER, which is written exactly as the provider names itself, and the network';

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const ASYMMETRIC = ['RSA', 'EC', 'OKP'];

/** What fetch says is of no use to anybody. */
const wordsOf = (error: unknown, host: string): string => {
  if (error instanceof DOMException) return `${host} does not answer within ${ANSWER_MS / 1000} s`;
  return error instanceof Error && !(error instanceof TypeError)
    ? error.message
    : `${host} cannot be reached`;
};
