import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { statementReader } from './postgres-statements.ts';

/** A cable to PostgreSQL that breaks at the worst moment, or through which nothing comes any more. */
export interface Cable {
  /** The database, through the cable. */
  readonly url: string;
  /** The next COMMITs break their connections: before the server gets them, or after it did and before its answer. */
  readonly cutAtCommit: (...when: readonly ('before' | 'after')[]) => void;
  /** The server is shut down, and says so in the same breath as its next answer to each. */
  readonly dieBehindAnswers: () => void;
  /** Whoever is connected stays so and hears nothing; neither end is told. New connections work. */
  readonly goSilent: () => void;
  /** How often somebody connected. */
  readonly connections: () => number;
  /** Calls with every statement that goes through from now on. */
  readonly onStatement: (heard: (text: string) => void) => void;
  readonly close: () => Promise<void>;
}

interface Strand {
  readonly client: Socket;
  readonly server: Socket;
  state: 'sound' | 'cut_at_answer' | 'dying' | 'silent';
}

export const cableTo = async (url: string): Promise<Cable> => {
  const target = new URL(url);
  const strands = new Set<Strand>();
  const orders: ('before' | 'after')[] = [];
  let connections = 0;
  const listeners: ((text: string) => void)[] = [];
  // A farewell is handed on like everything else, and not answered by the cable itself.
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    connections += 1;
    const server = connect({
      port: Number(target.port),
      host: target.hostname,
      allowHalfOpen: true,
    });
    const strand: Strand = { client, server, state: 'sound' };
    strands.add(strand);
    const read = statementReader((text) => {
      for (const heard of listeners) heard(text);
    });
    client.on('data', (bytes) => {
      read(bytes);
      up(strand, bytes, orders);
    });
    server.on('data', (bytes) => down(strand, bytes));
    for (const [one, another] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('end', () => {
        if (strand.state !== 'silent') another.end();
      });
      one.on('close', () => {
        if (strand.state !== 'silent') another.destroy();
      });
    }
  });
  const through = new URL(url);
  through.host = `127.0.0.1:${await portOf(listener)}`;
  return {
    url: through.href,
    cutAtCommit: (...when) => void orders.push(...when),
    dieBehindAnswers: () => {
      for (const strand of strands) strand.state = 'dying';
    },
    goSilent: () => {
      for (const strand of strands) strand.state = 'silent';
    },
    connections: () => connections,
    onStatement: (heard) => void listeners.push(heard),
    close: async () => {
      for (const { client, server } of strands) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => {
        listener.close(resolve);
      });
    },
  };
};

const up = (strand: Strand, bytes: Buffer, orders: ('before' | 'after')[]): void => {
  if (strand.state === 'silent') return;
  // A simple query of the text "commit".
  const order = bytes.includes('commit\0') ? orders.shift() : undefined;
  if (order === 'before') {
    strand.client.destroy();
    return;
  }
  strand.server.write(bytes);
  if (order === 'after') strand.state = 'cut_at_answer';
};

const down = (strand: Strand, bytes: Buffer): void => {
  // What was sent in front of the commit has answers of its own.
  if (strand.state === 'cut_at_answer' && bytes.includes('COMMIT\0')) strand.client.destroy();
  else if (strand.state === 'dying') strand.client.end(Buffer.concat([bytes, LAST_WORDS]));
  else if (strand.state !== 'silent') strand.client.write(bytes);
};

const FIELDS = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
/** ErrorResponse: its letter, its length with the length, its fields. */
const LAST_WORDS = Buffer.concat([
  Buffer.from('E'),
  Buffer.from([0, 0, 0, FIELDS.length + 4]),
  Buffer.from(FIELDS),
]);

export const portOf = async (listener: ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server's address is an object.
  return (listener.address() as AddressInfo).port;
};
