import { connect, createServer, type Socket } from 'node:net';
import { portOf } from './postgres-cable.ts';

/**
 * A pooler in transaction mode, as small as it can be: a server connection belongs to a client from the first message of a
 * transaction to its end, and then to whoever comes next. Each client brings one server connection along, whose login it
 * does itself, so passwords are no concern here.
 */
export const poolerTo = async (url: string): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const idle: Server[] = [];
  const waiting: ((server: Server) => void)[] = [];
  const free = (server: Server): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(server);
    else next(server);
  };
  const listener = createServer((client) => {
    const socket = connect(Number(target.port), target.hostname);
    for (const one of [client, socket]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => sockets.delete(one));
    }
    serve(client, serverOn(socket, free), { idle, waiting });
  });
  const through = new URL(url);
  through.host = `127.0.0.1:${await portOf(listener)}`;
  return {
    url: through.href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        listener.close(resolve);
      });
    },
  };
};

interface Server {
  readonly socket: Socket;
  /** Whose transaction it works on. */
  client?: Socket | undefined;
}

/** Hands on what the server says, and is free again when it says that no transaction is open. */
const serverOn = (socket: Socket, free: (server: Server) => void): Server => {
  const server: Server = { socket };
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    server.client?.write(bytes);
    rest = Buffer.concat([rest, bytes]);
    // One letter, then the length of the rest, itself included.
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const message = rest.subarray(0, 1 + rest.readInt32BE(1));
      rest = rest.subarray(message.length);
      if (message.toString('latin1', 0, 1) !== 'Z' || message.toString('latin1', 5) !== 'I') continue;
      server.client = undefined;
      free(server);
    }
  });
  return server;
};

interface Pool {
  readonly idle: Server[];
  readonly waiting: ((server: Server) => void)[];
}

const serve = (client: Socket, own: Server, { idle, waiting }: Pool): void => {
  // The login is a conversation with the client's own server; it ends like a transaction.
  own.client = client;
  let current: Server | undefined = own;
  let queued: Buffer[] = [];
  client.on('data', (bytes) => {
    // A client that leaves must not take a server with it that others use.
    if (bytes.toString('latin1', 0, 1) === 'X') return;
    if (current?.client === client) {
      current.socket.write(bytes);
      return;
    }
    queued.push(bytes);
    if (queued.length > 1) return;
    const take = (server: Server): void => {
      server.client = client;
      current = server;
      for (const one of queued) server.socket.write(one);
      queued = [];
    };
    const last = idle.pop();
    if (last === undefined) waiting.push(take);
    else take(last);
  });
};
