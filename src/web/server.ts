import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { WebApp } from './app.ts';

export interface WebServer extends Running {
  /** Where it listens, with the port that it was given when it asked for port 0. */
  readonly url: string;
}

interface Place {
  /** Tests have less patience. */
  readonly limits?: Partial<Record<Limit, number>>;
  readonly host: string;
  readonly port: number;
  readonly observe?: Observe;
}

export const startWeb = async (p: Place & { readonly app: WebApp }): Promise<WebServer> => {
  const listener = getRequestListener(p.app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    { ...LIMITS, ...p.limits },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  server.maxRequestsPerSocket = 10_000;
  await listening(server, p);
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(server, p.host),
    stop: () => {
      stopped ??= close(server);
      return stopped;
    },
  };
};

/** Who sends a request drop by drop only to hold a connection is hung up on. */
const LIMITS: Readonly<Record<Limit, number>> = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
};

type Limit =
  | 'headersTimeout'
  | 'requestTimeout'
  | 'keepAliveTimeout'
  | 'connectionsCheckingInterval'
  | 'maxHeaderSize';

const listening = (server: Server, { host, port, observe }: Place): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(inWords(error, host, port)));
    server.listen({ host, port, backlog: 128 }, () => {
      server.removeAllListeners('error');
      // Such as too many open files: that connection is lost, the process is not.
      server.on('error', (error) => observe?.({ kind: 'loop_faulted', loop: 'web', error }));
      resolve();
    });
  });

const inWords = (error: Error, host: string, port: number): Error => {
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'EADDRINUSE') {
    const why = `port ${port} on ${host} is in use, perhaps by another TextOps`;
    return new Error(`${why}. Stop that one, or choose another port with HTTP_PORT.`, { cause: error });
  }
  if (code === 'EACCES') {
    return new Error(`port ${port} needs more rights than this process has. Choose another with HTTP_PORT.`, {
      cause: error,
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Error(`this machine has no address ${host}. Check HTTP_HOST.`, { cause: error });
  }
  return error;
};

const urlOf = (server: Server, host: string): string => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/** Requests under way may end; whoever only keeps a connection open, or takes too long, is cut off. */
const STOP_MS = 1_500;

const close = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = new AbortController();
  const cut = sleep(STOP_MS, undefined, { signal: late.signal }).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await closed;
  late.abort();
  await cut;
};
