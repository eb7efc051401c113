import { createServer } from 'node:net';
import { z } from 'zod';
import type { Settings } from '../../config/settings.ts';
import { ownAddress } from '../own-address.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

/** Free, or taken by an instance of ours. */
export const checkPort = async ({ host, port }: Settings['http']): Promise<Finding> => {
  if (port === 0) return ok('port', 'the system chooses one');
  const taken = await listenError(host, port);
  if (taken === undefined) return ok('port', `${port} is free`);
  if (taken !== 'EADDRINUSE') {
    return bad(
      'port',
      `cannot listen on ${host}:${port} (${taken})`,
      'choose another HTTP_HOST or HTTP_PORT',
    );
  }
  const health = await healthAt(`${ownAddress({ host, port })}/health`);
  if (health === undefined) {
    return bad('port', `${port} is taken by another program`, 'stop it or choose another HTTP_PORT');
  }
  return health === 'ok'
    ? ok('port', `${port} is held by a running TextOps, health ok`)
    : warning('port', `${port} is held by a running TextOps, health ${health}`, 'see npx textops ops');
};

const listenError = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });

const Health = z.object({ status: z.string().max(40), database: z.unknown(), queue: z.unknown() });

/** Undefined when whoever answers there is not one of ours. */
const healthAt = async (url: string): Promise<string | undefined> => {
  const body = await fetch(url, { signal: AbortSignal.timeout(3_000) })
    .then((response): Promise<unknown> => response.json())
    .catch((error: unknown) => {
      // Another protocol, no JSON, or silence: all the same answer to our question.
      if (error instanceof Error) return undefined;
      throw error;
    });
  return Health.safeParse(body).data?.status;
};
