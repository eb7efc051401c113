import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageProblems, viewProblems } from './slack/blocks.ts';
import { type Answer, type Call, type Entry, type Fault, Refused } from './slack/ledger.ts';
import { createPeople } from './slack/people.ts';
import { createSockets, type Envelope } from './slack/socket.ts';
import { BOT, createWorld, METHODS } from './slack/world.ts';

export interface SlackOptions {
  readonly botToken?: string;
  readonly appToken?: string;
  /** After how long without an acknowledgement an envelope comes again; Slack takes three seconds. */
  readonly retryMs?: number;
  /** What the bot token allows. */
  readonly scopes?: readonly string[];
}

/** Of the app that workspaces install for themselves. */
export const CLIENT = { id: '1.2', secret: 'fake-client-secret' };

/** As docs/slack.md asks for. */
export const SCOPES = [
  'app_mentions:read',
  'im:history',
  'im:write',
  'commands',
  'chat:write',
  'chat:write.public',
  'files:write',
  'channels:read',
  'groups:read',
];

export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>;

/**
 * One workspace of Slack with our app in it: the Web API, Socket Mode, and people. Strict where Slack is: tokens, the shape
 * and lengths of blocks, threads, permissions that last for seconds, and pauses that really last.
 */
export const startFakeSlack = async (options: SlackOptions = {}) => {
  const { botToken = 'xoxb-fake-bot-token', appToken = 'xapp-fake-app-token', retryMs = 3000 } = options;
  const { scopes = SCOPES } = options;
  const world = createWorld();
  const ledger: Entry[] = [];
  const faults = new Map<string, Fault[]>();
  const closedUntil = new Map<string, number>();
  const codes = new Set<string>();
  const hanging = new Set<ServerResponse>();
  const server = createServer((request, response) => void serve(request, response));
  const sockets = createSockets(server, () => retryMs);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const answerOf = (call: Call): Answer => {
    const { method, token, params } = call;
    if (method === 'apps.connections.open') {
      if (token !== appToken) return { ok: false, error: token === '' ? 'not_authed' : 'invalid_auth' };
      return { ok: true, url: `ws://127.0.0.1:${port}/link?ticket=${sockets.ticket()}` };
    }
    if (method === 'oauth.v2.access') {
      const { client_id, client_secret, code } = params;
      if (client_id !== CLIENT.id || client_secret !== CLIENT.secret)
        return { ok: false, error: 'bad_client_secret' };
      if (!codes.delete(String(code))) return { ok: false, error: 'invalid_code' };
      return { ok: true, access_token: botToken, bot_user_id: BOT, team: { id: 'T2', name: 'Elsewhere' } };
    }
    if (token !== botToken) return { ok: false, error: token === '' ? 'not_authed' : 'invalid_auth' };
    const problems = method === 'views.open' ? viewProblems(params.view) : messageProblems(params.blocks);
    if (problems.length > 0) {
      return { ok: false, error: 'invalid_blocks', response_metadata: { messages: problems } };
    }
    if (method === 'conversations.open' && !scopes.includes('im:write'))
      return { ok: false, error: 'missing_scope' };
    const work = METHODS[method];
    if (work === undefined) return { ok: false, error: 'unknown_method' };
    try {
      return work(world, call, url);
    } catch (error) {
      if (error instanceof Refused) return { ok: false, error: error.message };
      throw error;
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    if (path.startsWith('/upload/')) {
      const file = world.files.get(path.slice('/upload/'.length));
      if (file !== undefined) file.content = await fileIn(request, body);
      return void response.end('OK');
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const call: Call = { method: path.replace('/api/', ''), token, params: paramsOf(body.toString('utf8')) };
    settle(call, response);
  };

  const settle = (call: Call, response: ServerResponse): void => {
    const { method, params } = call;
    const channel = typeof params.channel === 'string' ? params.channel : '';
    const early = (closedUntil.get(channel) ?? 0) > Date.now();
    const fault = (faults.get(method) ?? faults.get('*'))?.shift();
    const note = (answer?: Answer): void => {
      const entry = { ...call, at: Date.now(), early };
      ledger.push({
        ...entry,
        ...(answer === undefined ? {} : { answer }),
        ...(fault === undefined ? {} : { fault }),
      });
    };
    const wait = early
      ? Math.ceil(((closedUntil.get(channel) ?? 0) - Date.now()) / 1000)
      : typeof fault === 'object'
        ? fault.retryAfter
        : undefined;
    if (wait !== undefined) {
      if (channel !== '' && !early) closedUntil.set(channel, Date.now() + wait * 1000);
      note();
      return void response.writeHead(429, { 'retry-after': String(wait) }).end();
    }
    if (fault === 'reset' || fault === 'http_500' || fault === 'internal_error') {
      note();
      if (fault === 'reset') return void response.destroy();
      if (fault === 'http_500') return void response.writeHead(503).end('upstream');
      return void response.end(JSON.stringify({ ok: false, error: 'internal_error' }));
    }
    const answer = answerOf(call);
    note(answer);
    if (fault === 'lost') return void response.destroy();
    if (fault === 'hang') return void hanging.add(response);
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': scopes.join(',') })
      .end(JSON.stringify(answer));
  };

  const deliver = (envelope: Envelope): string => sockets.deliver(envelope);
  return {
    url: `${url}/api/`,
    botToken,
    appToken,
    world,
    sockets,
    ...createPeople(world, deliver),
    calls: (method?: string): readonly Entry[] =>
      ledger.filter((entry) => method === undefined || entry.method === method),
    /** Somebody at Slack agreed to the installation; the code is good once. */
    agrees: (): string => {
      const code = `code-${codes.size + 1}`;
      codes.add(code);
      return code;
    },
    /** For the next calls of that method, or of any (`*`), in this order. */
    fails: (method: string, ...next: readonly Fault[]): void => {
      faults.set(method, [...(faults.get(method) ?? []), ...next]);
    },
    close: async (): Promise<void> => {
      for (const response of hanging) response.destroy();
      await sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** The library sends a form in which everything that is no text is JSON. */
const paramsOf = (body: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => [
      name,
      /^(?:[[{]|true$|false$)/.test(value) ? JSON.parse(value) : value,
    ]),
  );

/** Files come as a multipart form with one part. */
const fileIn = async (request: IncomingMessage, body: Buffer): Promise<string> => {
  const type = request.headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const part = [...form.values()][0];
  return typeof part === 'object' ? part.text() : (part ?? '');
};
