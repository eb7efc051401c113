import type { InboundSink, Webhook } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { comeAgain, refusal } from '../webhook-answer.ts';
import { CHANNEL } from './address.ts';
import { problemOf } from './answers.ts';
import { eventSchema } from './payload.ts';
import { isGenuine } from './signature.ts';
import { type Received, toInbound } from './wire.ts';

export interface WebhookParts {
  readonly signingSecret: string;
  readonly observe: Observe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Undefined before the start and after the end: then Slack is asked to try again. */
  readonly sink: () => InboundSink | undefined;
  readonly onHeard: () => void;
  /** A workspace took us out again. */
  readonly onUninstalled: (team: string) => Promise<void>;
  /** Our own user id, as soon as it is known. */
  readonly botUser: () => string | undefined;
}

/** Where Slack calls us. Verified, stored, and only then acknowledged; handled afterwards. */
export const slackWebhooks = (parts: WebhookParts): readonly Webhook[] => [
  route(parts, '/webhooks/slack', readEvent),
  route(parts, '/webhooks/slack/command', readCommand),
  route(parts, '/webhooks/slack/interactive', readInteraction),
];

/** What a genuine request says, or what is answered at once, without storing anything. */
type Read = Received | { readonly kind: 'answer'; readonly response: Response };

type Reader = (request: Opened) => Read;

interface Opened {
  readonly text: string;
  readonly type: string;
  readonly sentAtMs: number;
}

const route = (parts: WebhookParts, path: string, read: Reader): Webhook => ({
  method: 'POST',
  path,
  access: 'open',
  handle: (request) => take(parts, request, read),
});

const take = async (parts: WebhookParts, request: Request, read: Reader): Promise<Response> => {
  const { observe, signingSecret, now } = parts;
  const body = new Uint8Array(await request.arrayBuffer());
  const timestamp = request.headers.get('x-slack-request-timestamp');
  const signature = request.headers.get('x-slack-signature');
  if (!isGenuine({ body, timestamp, signature }, signingSecret, now())) {
    observe({ kind: 'auth_refused', channel: CHANNEL, reason: 'bad_signature' });
    return refusal(401, 'not signed by Slack, or not signed just now');
  }
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const text = Buffer.from(body).toString('utf8');
  const received = read({ text, type, sentAtMs: Number(timestamp) * 1000 });
  parts.onHeard();
  return received.kind === 'answer' ? received.response : store(parts, received);
};

/** Slack tries again after anything but 2xx, and after three seconds. */
const store = async (parts: WebhookParts, received: Received): Promise<Response> => {
  const sink = parts.sink();
  if (sink === undefined) return comeAgain();
  const problem = problemOf(received);
  if (problem !== undefined) return Response.json(problem);
  const inbound = toInbound(received, parts.botUser());
  try {
    const left = leftTeam(received);
    if (left !== undefined) await parts.onUninstalled(left);
    if (inbound !== undefined) await sink([inbound]);
  } catch {
    return comeAgain();
  }
  return new Response(null, { status: 200 });
};

const leftTeam = ({ kind, body }: Received): string | undefined => {
  const read = kind === 'event' ? eventSchema.safeParse(body).data : undefined;
  return read?.event.type === 'app_uninstalled' ? read.team_id : undefined;
};

const readEvent: Reader = ({ text, type }) => {
  const body = type === 'application/json' ? asJson(text) : undefined;
  if (body === undefined) return wrongShape('application/json');
  if (body.type === 'url_verification' && typeof body.challenge === 'string') {
    return answer(Response.json({ challenge: body.challenge.slice(0, 500) }));
  }
  return body.type === 'event_callback'
    ? { kind: 'event', body }
    : answer(new Response(null, { status: 200 }));
};

const FORM = 'application/x-www-form-urlencoded';

const readCommand: Reader = ({ text, type, sentAtMs }) => {
  if (type !== FORM) return wrongShape(FORM);
  const body = Object.fromEntries(new URLSearchParams(text));
  // Slack looks from time to time whether we are still there.
  if (body.ssl_check === '1') return answer(new Response(null, { status: 200 }));
  return body.command === undefined ? wrongShape('a slash command') : { kind: 'command', body, sentAtMs };
};

const readInteraction: Reader = ({ text, type }) => {
  if (type !== FORM) return wrongShape(FORM);
  const body = asJson(new URLSearchParams(text).get('payload') ?? '');
  return body === undefined ? wrongShape('an interaction') : { kind: 'interaction', body };
};

const asJson = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const answer = (response: Response): Read => ({ kind: 'answer', response });

const wrongShape = (expected: string): Read =>
  answer(refusal(400, `not what was expected here: ${expected}`));
