import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Envelope {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: object;
}

interface Waiting extends Envelope {
  tries: number;
  sentAt: number;
}

/** Socket Mode: one of the open sockets gets each envelope, and it comes again until somebody has acknowledged it. */
export const createSockets = (server: Server, retryMs: () => number) => {
  const wss = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  const acked: { readonly envelopeId: string; readonly payload: unknown }[] = [];
  const responses = new Map<string, unknown>();
  let serial = 0;
  let opened = 0;

  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://fake').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return void socket.destroy();
    wss.handleUpgrade(request, socket, head, (ws) => {
      sockets.push(ws);
      opened += 1;
      ws.on('close', () => void sockets.splice(sockets.indexOf(ws), 1));
      ws.on('message', (data) => acknowledge((data as Buffer).toString('utf8')));
      ws.send(JSON.stringify({ type: 'hello', num_connections: sockets.length }));
      flush();
    });
  });

  const acknowledge = (text: string): void => {
    // The shape is what the library sends.
    const { envelope_id, payload } = JSON.parse(text) as { envelope_id: string; payload: unknown };
    if (!waiting.delete(envelope_id)) return;
    acked.push({ envelopeId: envelope_id, payload });
    responses.set(envelope_id, payload);
  };

  const send = (id: string, envelope: Waiting): void => {
    const ws = sockets[serial % Math.max(1, sockets.length)];
    if (ws === undefined) return;
    const { type, payload, tries } = envelope;
    const retry = tries === 0 ? {} : { retry_attempt: tries, retry_reason: 'timeout' };
    envelope.tries += 1;
    envelope.sentAt = Date.now();
    ws.send(
      JSON.stringify({
        envelope_id: id,
        type,
        payload,
        accepts_response_payload: type !== 'events_api',
        ...retry,
      }),
    );
  };

  const flush = (): void => {
    for (const [id, envelope] of waiting) {
      if (Date.now() - envelope.sentAt >= retryMs()) send(id, envelope);
    }
  };
  const timer = setInterval(flush, 20);
  // Slack does so all the time.
  const pings = setInterval(() => {
    for (const ws of sockets) ws.ping();
  }, 100);

  return {
    ticket: (): string => {
      const id = `ticket-${(serial += 1)}`;
      tickets.add(id);
      return id;
    },
    deliver: (envelope: Envelope): string => {
      const id = `envelope-${(serial += 1)}`;
      const pending = { ...envelope, tries: 0, sentAt: 0 };
      waiting.set(id, pending);
      send(id, pending);
      return id;
    },
    acknowledged: () => acked.length,
    unacknowledged: () => waiting.size,
    responseTo: (id: string) => responses.get(id),
    count: () => sockets.length,
    opened: () => opened,
    /** As every few hours. */
    recycle: (): void => {
      for (const ws of sockets) ws.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    /** Without a word. */
    breakAll: (): void => {
      for (const ws of sockets) ws.terminate();
    },
    close: async (): Promise<void> => {
      clearInterval(timer);
      clearInterval(pings);
      for (const ws of sockets) ws.terminate();
      await new Promise<void>((resolve) => wss.close(() => resolve()));
    },
  };
};
