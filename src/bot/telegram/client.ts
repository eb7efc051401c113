import { Readable } from 'node:stream';
import { Api } from 'grammy';

export interface ClientOptions {
  readonly token: string;
  readonly apiRoot?: string;
  readonly timeoutSeconds: number;
}

/** A Bot API client on the platform's own fetch, which tells a connection that was never made from a lost answer. */
export const telegramClient = ({ token, apiRoot, timeoutSeconds }: ClientOptions): Api =>
  new Api(token, {
    ...(apiRoot === undefined ? {} : { apiRoot: apiRoot.replace(/\/+$/, '') }),
    timeoutSeconds,
    sensitiveLogs: false,
    fetch: platformFetch,
  });

export type ClientSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** The client is typed against a polyfill of 2019; every signal of the platform does what it asks of one. */
export const clientSignal = (signal: AbortSignal): ClientSignal => signal as unknown as ClientSignal;

interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** A stream when there is a file in it. */
  readonly body?: string | Readable;
  readonly signal?: ForeignSignal;
}

/** The client brings a signal of its own making, which the platform's fetch refuses. */
interface ForeignSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

const platformFetch = (url: string, call: Call): Promise<Response> => {
  const { method, headers, body, signal } = call;
  const aborting = new AbortController();
  if (signal?.aborted === true) aborting.abort();
  signal?.addEventListener('abort', () => aborting.abort());
  return fetch(url, {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...bodyOf(body),
    signal: aborting.signal,
  });
};

/** The platform reads streams of its own kind only, and wants to be told that the answer comes after the whole of it. */
const bodyOf = (body: Call['body']): RequestInit => {
  if (body === undefined) return {};
  return typeof body === 'string' ? { body } : { body: Readable.toWeb(body), duplex: 'half' };
};
