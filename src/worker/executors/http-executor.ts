import { STATUS_CODES } from 'node:http';
import type {
  CapturedOutput,
  ExecutionHooks,
  ExecutionOutcome,
  IWorkerExecutor,
} from '../../core/ports/executor.ts';
import { type HideSecrets, hideSecrets } from '../process/hide-secrets.ts';
import { oneLine } from '../process/one-line.ts';
import { abortCause, abortWords, failed, succeeded, timeoutWords, timerMs } from '../process/outcome.ts';
import { type OutputCapture, outputCapture } from '../process/output-capture.ts';
import { aborted } from '../process/run-process.ts';
import { type HttpCall, httpCall, redirected } from './http-call.ts';

export type Fetch = typeof globalThis.fetch;

export interface HttpOptions {
  readonly fetch?: Fetch;
}

/** One request, one answer. Any 2xx is a success; what the answer says about itself becomes the summary. */
export const httpExecutor = (options: HttpOptions = {}): IWorkerExecutor => ({
  kind: 'http',
  execute: async (request, hooks) => {
    if (hooks.signal.aborted) return aborted(hooks.signal);
    const { target, timeoutMs } = request.job.spec;
    if (target.kind !== 'http')
      throw new Error(`job ${request.job.key}: http was expected, not ${target.kind}`);
    const call = httpCall(target, request);
    if ('why' in call) return failed('spawn', `cannot send the request: ${call.why}`);
    const hide = hideSecrets(request.secrets);
    const capture = outputCapture();
    const deadline = deadlineOf(hooks.signal, timeoutMs);
    try {
      const response = await send(options.fetch ?? globalThis.fetch, call, deadline.signal);
      await readBody(response, capture);
      return outcomeOf(call, response, hide, hide.output(capture.finish()));
    } catch (error) {
      return faultOf({ call, error, hooks, capture, hide, timeoutMs, late: deadline.signal.aborted });
    } finally {
      deadline.dispose();
    }
  },
});

const REDIRECTS_MAX = 5;

const deadlineOf = (signal: AbortSignal, timeoutMs: number) => {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timerMs(timeoutMs));
  return { signal: AbortSignal.any([signal, timeout.signal]), dispose: () => clearTimeout(timer) };
};

/** Follows a redirect only within the same origin: headers may hold secrets meant for this host alone. */
const send = async (fetch: Fetch, call: HttpCall, signal: AbortSignal): Promise<Response> => {
  let current = call;
  for (let hop = 0; ; hop += 1) {
    const response = await fetch(current.url, {
      method: current.method,
      headers: { ...current.headers },
      body: current.body ?? null,
      redirect: 'manual',
      signal,
    });
    const next = hop < REDIRECTS_MAX ? redirected(current, response) : undefined;
    if (next === undefined) return response;
    await response.body?.cancel();
    current = next;
  }
};

const readBody = async (response: Response, capture: OutputCapture): Promise<void> => {
  if (response.body === null) return;
  for await (const chunk of response.body) capture.write(chunk);
};

const outcomeOf = (
  call: HttpCall,
  response: Response,
  hide: HideSecrets,
  output: CapturedOutput,
): ExecutionOutcome => {
  const status = `${response.status} ${response.statusText || (STATUS_CODES[response.status] ?? '')}`.trim();
  const words = ownWords(output);
  if (response.ok) return succeeded(words ?? hide.text(status), output);
  if (response.status >= 300 && response.status < 400)
    return failed('http', `${call.where}: ${response.status}, a redirect that is not followed`, output);
  return failed('http', words === undefined ? hide.text(status) : `${response.status}: ${words}`, output);
};

/** `summary` or `message` of a JSON answer. An answer that was cut is not read. */
const ownWords = (output: CapturedOutput): string | undefined => {
  if (output.tail !== '') return undefined;
  const json = parsed(output.head);
  if (typeof json !== 'object' || json === null) return undefined;
  const words = [textAt(json, 'summary'), textAt(json, 'message')].find((text) => text !== '');
  return words;
};

const textAt = (json: object, key: string): string => {
  const value: unknown = Reflect.get(json, key);
  return typeof value === 'string' ? oneLine(value) : '';
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Plain text is a good answer too; it just has no summary of its own.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

interface Fault {
  readonly call: HttpCall;
  readonly error: unknown;
  readonly hooks: ExecutionHooks;
  readonly capture: OutputCapture;
  readonly hide: HideSecrets;
  readonly timeoutMs: number;
  readonly late: boolean;
}

/** Built from method, host and a code alone: the platform's own message may quote headers or the address. */
const faultOf = ({ call, error, hooks, capture, hide, timeoutMs, late }: Fault): ExecutionOutcome => {
  const output = hide.output(capture.finish());
  if (hooks.signal.aborted) {
    const cause = abortCause(hooks.signal);
    return failed(cause, abortWords(cause), output);
  }
  if (late) return failed('timeout', `${call.where}: ${timeoutWords(timeoutMs)}`, output);
  if (!(error instanceof Error)) throw error;
  const code = codeOf(error);
  // The platform waits five minutes for an answer and for each part of it, however long the job may take.
  return failed(PLATFORM_TIMEOUTS.has(code) ? 'timeout' : 'http', `${call.where}: ${code}`, output);
};

const PLATFORM_TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const codeOf = (error: Error): string => {
  for (const fault of [error.cause, error])
    if (fault instanceof Error && 'code' in fault && typeof fault.code === 'string') return fault.code;
  return 'the request failed';
};
