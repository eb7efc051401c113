import { createServer } from 'node:net';

/** One that the system gave out a moment ago, so that nobody listens there: for whoever has to be told before somebody does. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
