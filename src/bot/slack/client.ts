import type { Logger, WebClient } from '@slack/web-api';

export interface ClientOptions {
  readonly token: string;
  readonly apiRoot: string;
  /** Ends every call of this client. */
  readonly signal: AbortSignal;
}

/**
 * A client of the Web API for calls that end with the signal. The library is loaded when Slack is set up and somebody needs
 * it. It never tries again by itself: every second try belongs to the outbox.
 */
export const slackClient = async ({ token, apiRoot, signal }: ClientOptions): Promise<WebClient> => {
  const { WebClient: Client } = await import('@slack/web-api');
  return new Client(token, {
    slackApiUrl: apiRoot,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
    fetch: async (url, init) => withRetryAfter(await fetch(url, { ...init, signal })),
  });
};

/** The library takes a 429 that does not say for how long for a fault of its own. */
const withRetryAfter = (response: Response): Response =>
  response.status === 429 && !/^\d+$/.test(response.headers.get('retry-after') ?? '')
    ? new Response(null, { status: 429, headers: { 'retry-after': '1' } })
    : response;

const nothing = (): void => undefined;

/** What the library would print contains messages of people. */
export const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  // The library compares it with names of its own.
  getLevel: () => 'error' as ReturnType<Logger['getLevel']>,
};
