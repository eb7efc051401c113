import type * as Client from 'openid-client';
import { isLoopbackHost } from '../access/guard.ts';
import type { BrowserLogin } from '../web-deps.ts';
import { ANSWER_MS } from './discover.ts';

interface Options {
  readonly issuer: string;
  readonly client: { readonly id: string; readonly secret: string };
}

/**
 * OpenID Connect for a browser: the authorization-code flow with PKCE, state and nonce. The token of who it was is asked for
 * by this server itself, and its signature is checked all the same.
 */
export const browserLogin = ({ issuer, client }: Options): BrowserLogin => {
  let kept: Promise<Client.Configuration> | undefined;
  /** What the provider says of itself, as long as it could be asked once. */
  const configured = (): Promise<Client.Configuration> => {
    const asked = kept ?? discovered(issuer, client);
    kept = asked;
    asked.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return asked;
  };
  return {
    issuer,
    begin: async (redirectUri) => {
      const oidc = await import('openid-client');
      const [state, nonce, verifier] = [
        oidc.randomState(),
        oidc.randomNonce(),
        oidc.randomPKCECodeVerifier(),
      ];
      const url = oidc.buildAuthorizationUrl(await configured(), {
        redirect_uri: redirectUri,
        scope: 'openid',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url: url.href, asked: { state, nonce, verifier } };
    },
    finish: async (answeredAt, { state, nonce, verifier }) => {
      const oidc = await import('openid-client');
      const config = await configured();
      try {
        const tokens = await oidc.authorizationCodeGrant(config, answeredAt, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const subject = tokens.claims()?.sub ?? '';
        return /^[\x21-\x7e]{1,255}$/.test(subject) ? subject : undefined;
      } catch (error) {
        // Whatever is wrong with an answer, nobody comes in; what a library says may name a code or a token.
        if (error instanceof oidc.ClientError || error instanceof oidc.AuthorizationResponseError)
          return undefined;
        if (error instanceof oidc.ResponseBodyError || error instanceof oidc.WWWAuthenticateChallengeError) {
          return undefined;
        }
        throw error;
      }
    },
  };
};

const discovered = async (
  issuer: string,
  { id, secret }: Options['client'],
): Promise<Client.Configuration> => {
  const oidc = await import('openid-client');
  // Only from this machine to itself may nobody listen in anyway.
  const open = isLoopbackHost(new URL(issuer).host) ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(new URL(issuer), id, secret, undefined, {
    execute: [...open, oidc.enableNonRepudiationChecks],
    timeout: ANSWER_MS / 1000,
  });
};
