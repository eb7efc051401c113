import { ApiError } from './api-error.ts';
import { deleteMyCommands, getChat, getMe, getMyCommands, leaveChat, setMyCommands } from './bot-methods.ts';
import {
  answerCallbackQuery,
  deleteMessage,
  editMessageReplyMarkup,
  editMessageText,
  setMessageReaction,
} from './edit-methods.ts';
import type { Answer } from './ledger.ts';
import type { LongPoll } from './long-poll.ts';
import { integerParam, jsonParam } from './params.ts';
import { sendChatAction, sendDocument, sendMessage } from './send-methods.ts';
import type { Webhook } from './webhook.ts';
import type { Params } from './wire.ts';
import type { World } from './world.ts';

export interface Endpoints {
  readonly world: World;
  readonly longPoll: LongPoll;
  readonly webhook: Webhook;
}

type Method = (endpoints: Endpoints, params: Params, signal: AbortSignal) => unknown;

/** Calls a method by its name, in any case, and turns refusals into error answers. */
export const perform = async (
  endpoints: Endpoints,
  name: string,
  params: Params,
  signal: AbortSignal,
): Promise<Answer> => {
  try {
    const method = methods.get(name.toLowerCase());
    if (method === undefined) throw new ApiError(404, 'Not Found: method not found');
    return { ok: true, result: await method(endpoints, params, signal) };
  } catch (error) {
    if (error instanceof ApiError) return refusal(error);
    throw error;
  }
};

export const refusal = (error: ApiError): Answer => ({
  ok: false,
  error_code: error.code,
  description: error.message,
  ...(error.parameters === undefined ? {} : { parameters: error.parameters }),
});

const pollTimeoutSecondsMax = 50;

const getUpdates: Method = ({ world, longPoll, webhook }, params, signal) => {
  if (webhook.isActive()) {
    const advice = 'use deleteWebhook to delete the webhook first';
    return longPoll.conflict(`can't use getUpdates method while webhook is active; ${advice}`);
  }
  world.queue.allow(jsonParam(params, 'allowed_updates', "can't parse allowed_updates JSON object"));
  return longPoll.poll({
    offset: integerParam(params, 'offset', 0),
    limit: integerParam(params, 'limit', 100, 1, 100),
    timeoutSeconds: integerParam(params, 'timeout', 0, 0, pollTimeoutSecondsMax),
    signal,
  });
};

const setWebhook: Method = ({ longPoll, webhook }, params) => {
  const done = webhook.set(params);
  if (webhook.isActive()) longPoll.terminate('terminated by setWebhook request');
  return done;
};

const onWorld =
  (method: (world: World, params: Params) => unknown): Method =>
  ({ world }, params) =>
    method(world, params);

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['getupdates', getUpdates],
  ['setwebhook', setWebhook],
  ['deletewebhook', ({ webhook }, params) => webhook.remove(params)],
  ['getwebhookinfo', ({ webhook }) => webhook.info()],
  ['getme', onWorld(getMe)],
  ['setmycommands', onWorld(setMyCommands)],
  ['getmycommands', onWorld(getMyCommands)],
  ['deletemycommands', onWorld(deleteMyCommands)],
  ['getchat', onWorld(getChat)],
  ['leavechat', onWorld(leaveChat)],
  ['sendmessage', onWorld(sendMessage)],
  ['senddocument', onWorld(sendDocument)],
  ['sendchataction', onWorld(sendChatAction)],
  ['editmessagetext', onWorld(editMessageText)],
  ['editmessagereplymarkup', onWorld(editMessageReplyMarkup)],
  ['deletemessage', onWorld(deleteMessage)],
  ['answercallbackquery', onWorld(answerCallbackQuery)],
  ['setmessagereaction', onWorld(setMessageReaction)],
]);
