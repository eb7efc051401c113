import { type Api, InputFile } from 'grammy';
import type { ButtonToken, Delivered, Delivery, IMessageSender } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { CHANNEL, type Place, placeOf } from './address.ts';
import { CAPS } from './caps.ts';
import { type ClientSignal, clientSignal, telegramClient } from './client.ts';
import { describe, falloutOf, isRevoked } from './errors.ts';
import { type Rendered, render } from './render.ts';

export interface TelegramSenderParts {
  readonly token: string;
  readonly apiRoot?: string;
  readonly buttonToken: ButtonToken;
  readonly observe: Observe;
  readonly timeoutMs?: number;
}

const ANSWER_MAX = 200;

export const telegramSender = (parts: TelegramSenderParts): IMessageSender => {
  const { observe, timeoutMs = RETRIES.send.tryMsMax } = parts;
  const api = telegramClient({ ...parts, timeoutSeconds: Math.ceil(timeoutMs / 1000) + 5 });
  const limited = (...signals: AbortSignal[]): ClientSignal =>
    clientSignal(AbortSignal.any([...signals, AbortSignal.timeout(timeoutMs)]));
  return {
    channel: CHANNEL,
    caps: CAPS,
    deliver: async (delivery, signal) => {
      const place = placeOf(delivery.address);
      if (place === undefined)
        return { k: 'dead', suspend: false, reason: `${delivery.address} is not here` };
      const rendered = render(delivery.content, parts.buttonToken);
      return attempt({ api, observe, signal: limited(signal), delivery, rendered, place, form: 'html' });
    },
    answerPress: async (pressId, { text, alert }) => {
      const more = { text: text.slice(0, ANSWER_MAX).toWellFormed(), show_alert: alert };
      // Late, answered before, or lost on the way: the card says the same, so nobody has to know.
      await api.answerCallbackQuery(pressId, more, limited()).catch(() => undefined);
    },
  };
};

interface Attempt {
  readonly api: Api;
  readonly observe: Observe;
  readonly signal: ClientSignal;
  readonly delivery: Delivery;
  readonly rendered: Rendered;
  readonly place: Place;
  readonly form: 'html' | 'plain';
}

const attempt = async (given: Attempt): Promise<Delivered> => {
  const { delivery, observe } = given;
  try {
    return { k: 'sent', messageId: await call(given) };
  } catch (error) {
    const fallout = falloutOf(error, delivery.edits);
    if (isRevoked(error)) {
      observe({
        kind: 'channel_state',
        channel: CHANNEL,
        state: 'down',
        reason: 'the bot token was refused',
      });
    }
    if (fallout.k === 'as_plain') return asPlain(given, error);
    if (fallout.k === 'to_general') return toGeneral(given, error);
    return fallout;
  }
};

/** Our own markup was refused: the words matter more, and whoever runs this should know. */
const asPlain = (given: Attempt, error: unknown): Promise<Delivered> | Delivered => {
  if (given.form === 'plain') return { k: 'dead', suspend: false, reason: describe(error) };
  given.observe({ kind: 'loop_faulted', loop: 'telegram markup', error: new Error(describe(error)) });
  return attempt({ ...given, form: 'plain' });
};

/** The topic was closed or deleted; the group still has a general one. A reply would lead back into the topic. */
const toGeneral = (given: Attempt, error: unknown): Promise<Delivered> | Delivered => {
  const { place, delivery } = given;
  if (place.threadId === undefined) return { k: 'dead', suspend: false, reason: describe(error) };
  const { replyTo: _, ...alone } = delivery;
  return attempt({ ...given, place: { chatId: place.chatId }, delivery: alone });
};

const call = async (given: Attempt): Promise<string> => {
  const { api, signal, delivery, rendered, place, form } = given;
  const { document, edits } = delivery;
  if (document !== undefined) {
    const file = new InputFile(Buffer.from(document.text, 'utf8'), document.name);
    const sent = await api.sendDocument(place.chatId, file, placing(given), signal);
    return String(sent.message_id);
  }
  const text = form === 'html' ? rendered.html : rendered.plain;
  const common = {
    ...(form === 'html' ? { parse_mode: 'HTML' as const } : {}),
    link_preview_options: { is_disabled: true },
    ...(rendered.keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: mutable(rendered) } }),
  };
  if (edits !== undefined) {
    await api.editMessageText(place.chatId, Number(edits), text, common, signal);
    return edits;
  }
  const sent = await api.sendMessage(place.chatId, text, { ...common, ...placing(given) }, signal);
  return String(sent.message_id);
};

/** Where a new message stands, and whether it rings. */
const placing = ({ place, delivery, rendered }: Attempt) => ({
  ...(place.threadId === undefined ? {} : { message_thread_id: place.threadId }),
  ...(delivery.replyTo === undefined
    ? {}
    : {
        reply_parameters: { message_id: Number(delivery.replyTo), allow_sending_without_reply: true },
      }),
  disable_notification: rendered.silent,
});

const mutable = ({ keyboard }: Rendered) => keyboard.map((row) => row.map((button) => ({ ...button })));
