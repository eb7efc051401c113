import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.ts';
import { parseParams, readBody } from './bodies.ts';
import type { Controls } from './controls.ts';
import type { Fault, Faults } from './faults.ts';
import type { Answer, Ledger } from './ledger.ts';
import type { Endpoints } from './methods.ts';
import { perform, refusal } from './methods.ts';

export interface HttpParts {
  readonly token: string;
  readonly endpoints: Endpoints;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly controls: Controls;
}

export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Bot API calls under /bot<token>/<method>, the test's side under /_control/<name>. */
export const listen = async (parts: HttpParts, port: number): Promise<Listening> => {
  const server = createServer((request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      // A client that hangs up in the middle is part of the game; anything else is a defect of the fake.
      if (request.destroyed || response.destroyed) return;
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => close(server) };
};

const portOf = (server: Server): number => {
  // A listening TCP server has an address object; only pipes have text.
  const { port } = server.address() as AddressInfo;
  return port;
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const handle = async (
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const body = await readBody(request);
  if (path.startsWith('/_control/'))
    return control(parts.controls, path.slice('/_control/'.length), body, response);
  const [, token, method] = /^\/bot([^/]+)\/([^/]+)\/?$/.exec(path) ?? [];
  if (token === undefined || method === undefined)
    return answer(response, refusal(new ApiError(404, 'Not Found')));
  if (decodeURIComponent(token) !== parts.token) {
    return answer(response, refusal(new ApiError(401, 'Unauthorized')));
  }
  return callMethod(parts, method, query, body, request, response);
};

const callMethod = async (
  { endpoints, faults, ledger }: HttpParts,
  method: string,
  query: string,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const params = paramsOf(request, query, body);
  const call = ledger.begin(method, params instanceof ApiError ? {} : params);
  const fault = faults.take(method);
  if (fault !== undefined) {
    call.fault = fault;
    if (await failsBefore(fault, response)) return;
  }
  const outcome =
    params instanceof ApiError ? refusal(params) : await perform(endpoints, method, params, gone.signal);
  if (fault === undefined) answer(response, outcome);
  else failAfter(fault, response, outcome);
  ledger.end(call, outcome);
};

const paramsOf = (request: IncomingMessage, query: string, body: Buffer) => {
  try {
    return parseParams(request.headers['content-type'] ?? '', query, body);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
};

/** True when the call ends here, without effect. */
const failsBefore = async (fault: Fault, response: ServerResponse): Promise<boolean> => {
  if (fault === 'drop_before') {
    response.destroy();
    return true;
  }
  if (fault === 'hang_before') return true;
  if (typeof fault === 'string') return false;
  if ('delayMs' in fault) {
    await new Promise((resolve) => {
      setTimeout(resolve, fault.delayMs);
    });
    return false;
  }
  const description = serverErrors[fault.status] ?? 'Internal Server Error';
  answer(response, { ok: false, error_code: fault.status, description });
  return true;
};

const serverErrors: Readonly<Record<number, string>> = {
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

const failAfter = (fault: Fault, response: ServerResponse, outcome: Answer): void => {
  if (fault === 'hang_after') return;
  if (fault === 'drop_after') {
    response.destroy();
    return;
  }
  const text = JSON.stringify(outcome);
  const isTruncated = fault === 'truncated';
  write(response, outcome.error_code ?? 200, isTruncated ? text.slice(0, text.length / 2) : text);
};

const answer = (response: ServerResponse, outcome: Answer): void =>
  write(response, outcome.error_code ?? 200, JSON.stringify(outcome));

const write = (response: ServerResponse, status: number, text: string): void => {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
};

const control = (controls: Controls, name: string, body: Buffer, response: ServerResponse): void => {
  // The other end is our own typed client, so the arguments are taken at their word.
  const table = controls as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
  const action = Object.hasOwn(table, name) ? table[name] : undefined;
  if (action === undefined) {
    write(response, 404, `no control is called ${name}`);
    return;
  }
  try {
    const args: unknown = body.length === 0 ? [] : JSON.parse(body.toString());
    write(response, 200, JSON.stringify(action(...(Array.isArray(args) ? args : [args]))) ?? '');
  } catch (error) {
    // The reason belongs to the test that asked, not to the fake's own log.
    write(response, 400, error instanceof Error ? error.message : String(error));
  }
};
