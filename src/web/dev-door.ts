import { z } from 'zod';
import { type Handled, handledAs } from '../core/flows/messages/heard.ts';
import type { Inbound } from '../core/ports/channel.ts';
import type { Draft } from '../core/text/grammar/draft.ts';
import { workingOn } from '../loops/scope.ts';
import { readBody } from './api/read-json.ts';
import { ProblemError } from './problem.ts';
import type { Route, WebContext, WebDeps } from './web-deps.ts';

/** The door for trying everything out without a chat: it knows no passwords, so it answers this machine only. */
export const devRoutes = (deps: WebDeps): readonly Route[] =>
  deps.profile === 'dev'
    ? [
        { method: 'POST', path: '/dev/inbound', access: 'local', handle: inbound(deps) },
        { method: 'GET', path: '/dev/outbound', access: 'local', handle: outbound(deps) },
      ]
    : [];

const word = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must not contain control or hidden characters');

const Said = z.object({
  from: word(100),
  conversation: word(200),
  // The grammar judges the text, also its length: whoever writes too much is answered in words.
  body: z.string(),
  providerMessageId: word(200).optional(),
});

type Typed = Extract<Inbound, { kind: 'text' }>;

const inbound = (deps: WebDeps) => async (c: WebContext) => {
  const message = toInbound(await readBody(c, Said, 'typed'), deps.newEventKey);
  const actor = `user:${message.from.identity}`;
  const handled = await workingOn({ actor }, () => handle(deps, message, actor));
  return c.json(answer(handled, message.eventKey));
};

const handle = async (deps: WebDeps, message: Typed, actor: string): Promise<Handled> => {
  const { observe } = deps.rooms;
  const clock = deps.monotonicMs ?? (() => performance.now());
  const startedMs = clock();
  const { channel, account, eventKey, lane } = message;
  const handled = await deps.handle(message, { kind: 'first', channel, account, eventKey, lane });
  if (handled.outcome === 'seen_before') {
    observe({ kind: 'message_duplicate', channel });
    return handled;
  }
  observe({ ...handledAs(channel, handled), actor, tookMs: clock() - startedMs });
  return handled;
};

const toInbound = (said: z.output<typeof Said>, newEventKey: () => string): Typed => {
  const eventKey = said.providerMessageId ?? newEventKey();
  const address = withPrefix(said.conversation);
  return {
    kind: 'text',
    channel: 'dev',
    account: 'dev',
    eventKey,
    address,
    lane: address,
    from: { identity: withPrefix(said.from), name: said.from },
    chat: 'private',
    addressed: true,
    text: said.body,
    messageId: eventKey,
  };
};

/** What an answer gave back ("dev:ops") may be sent again as it is. */
const withPrefix = (text: string): string => (text.startsWith('dev:') ? text : `dev:${text}`);

const answer = (handled: Handled, eventKey: string) => ({
  intentType: UNSHOWN.includes(handled.intent) ? 'Unknown' : handled.intent,
  jobKey: handled.jobKey ?? null,
  runId: handled.runId ?? null,
  dispatchedExecution: handled.dispatched,
  outbound: handled.outbound.flatMap((draft) => toMessage(draft, eventKey)),
  ...(handled.refused === undefined ? {} : { refused: true, reason: handled.refused }),
});

/** The grammar has several reasons not to understand; outside they are one. */
const UNSHOWN: readonly string[] = ['Chatter', 'Unreadable'];

const toMessage = ({ content, runId, key, address }: Draft, eventKey: string) =>
  content.plain === undefined ? [] : [spoken(content.plain, runId ?? eventKey, key, address)];

const spoken = (body: string, correlationId: string, idempotencyKey: string, conversation: string) => ({
  body,
  correlationId,
  idempotencyKey,
  channelId: 'dev',
  conversation,
});

/** What came after the answer, such as the end of a run. Without `after` it answers at once. */
const outbound = (deps: WebDeps) => async (c: WebContext) => {
  const conversation = c.req.query('conversation') ?? '';
  const after = c.req.query('after');
  if (conversation === '' || conversation.length > 200) {
    throw new ProblemError(400, 'invalid_query', 'Say which conversation: ?conversation=ops');
  }
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    throw new ProblemError(400, 'invalid_query', '"after" is the number that the last answer gave.');
  }
  const name = conversation.replace(/^dev:/, '');
  const messages = (await deps.recentDev?.(name, Number(after ?? 0), patience(c, after))) ?? [];
  return c.json({
    outbound: messages.map(({ id, body, runId, key }) => ({
      id,
      ...spoken(body, runId ?? key, key, withPrefix(name)),
    })),
    after: messages.at(-1)?.id ?? Number(after ?? 0),
  });
};

const LONG_POLL_MS = 25_000;

/** Who asks for the first time wants to know where the conversation stands, and does not wait. */
const patience = (c: WebContext, after: string | undefined): AbortSignal =>
  after === undefined
    ? AbortSignal.abort()
    : AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(LONG_POLL_MS)]);
