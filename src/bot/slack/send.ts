import type { WebClient } from '@slack/web-api';
import type { ButtonToken, Delivered, Delivery, IMessageSender } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { RETRIES } from '../../core/time/retries.ts';
import {
  CHANNEL,
  isDirect,
  isSomebody,
  messageIdOf,
  type Place,
  placeOf,
  threadOf,
  tsOf,
  userOf,
} from './address.ts';
import { CAPS } from './caps.ts';
import { slackClient } from './client.ts';
import { withCommand } from './commands.ts';
import { moveToDirect } from './direct.ts';
import { describe, falloutOf, isRevoked } from './errors.ts';
import { viewOf } from './modal.ts';
import { escaped } from './mrkdwn.ts';
import { readPressId } from './press-id.ts';
import { type Rendered, render, TEXT_MAX } from './render.ts';
import { createWindows } from './windows.ts';

/** The bot's token in a workspace; undefined where nobody installed us. */
export type TokenOf = (team: string) => Promise<BotToken | undefined>;

export interface BotToken {
  readonly token: string;
  /** Whose it is: our own, without which nothing works, or that of one workspace among many. */
  readonly of: 'us' | 'workspace';
}

export interface SlackSenderParts {
  readonly tokenOf: TokenOf;
  readonly apiRoot: string;
  readonly buttonToken: ButtonToken;
  readonly observe: Observe;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** Our own token was refused. */
  readonly onRefused: () => void;
  readonly timeoutMs?: number;
}

/** Somebody waits for their form, and the permission to open it lasts three seconds. */
const FORM_MS = 2500;

export const slackSender = (parts: SlackSenderParts): IMessageSender => {
  const { timeoutMs = RETRIES.send.tryMsMax, apiRoot } = parts;
  const windows = createWindows(parts.clock);
  const connect = async (team: string, signals: readonly AbortSignal[]): Promise<Connected | undefined> => {
    const found = await parts.tokenOf(team);
    if (found === undefined) return undefined;
    const signal = AbortSignal.any([...signals, AbortSignal.timeout(timeoutMs)]);
    return { client: await slackClient({ token: found.token, apiRoot, signal }), of: found.of };
  };
  return {
    channel: CHANNEL,
    caps: CAPS,
    deliver: async (delivery, signal) => {
      const place = placeOf(delivery.address);
      if (place === undefined) return dead(`${delivery.address} is not here`);
      // The threads of a conversation are lanes of their own, and share its limit.
      const leftMs = windows.leftMs(place);
      if (leftMs > 0) return { k: 'pause', ms: leftMs, scope: 'lane' };
      const connected = await connect(place.team, [signal]);
      if (connected === undefined) return dead(`nobody installed this app in ${place.team}`);
      if (isSomebody(place.channel)) return moveToDirect(connected.client, place);
      if (await openedForm(connected.client, delivery)) return { k: 'sent' };
      const rendered = render(delivery.content, parts.buttonToken);
      const delivered = await attempt({ ...connected, parts, delivery, rendered, place, form: 'blocks' });
      if (delivered.k === 'pause' && delivered.scope === 'lane') windows.close(place, delivered.ms);
      return delivered;
    },
    answerPress: async (pressId, { text, alert }) => {
      const pressed = readPressId(pressId);
      // Whatever came of it stands in the card; only a no has to be said, and to nobody else.
      if (!alert || text === '' || pressed === undefined || windows.leftMs(pressed.place) > 0) return;
      const { place, user } = pressed;
      const whisper = async (): Promise<unknown> =>
        (await connect(place.team, []))?.client.chat.postEphemeral({
          channel: place.channel,
          user,
          text: escaped(
            withCommand(text)
              .slice(0, TEXT_MAX / 6)
              .toWellFormed(),
          ),
          ...(place.thread === undefined ? {} : { thread_ts: place.thread }),
        });
      // Late, or lost on the way: nothing was changed, so nobody has to know.
      await whisper().catch(() => undefined);
    },
  };
};

const dead = (reason: string): Delivered => ({ k: 'dead', suspend: false, reason });

/** In the place of the message, when somebody asked for it a moment ago. Whatever comes in between, the message has a button. */
const openedForm = async (client: WebClient, { form, address }: Delivery): Promise<boolean> => {
  if (form?.trigger === undefined) return false;
  const view = viewOf(form.form, { address, chat: form.chat });
  const late = AbortSignal.timeout(FORM_MS);
  const tooLate = new Promise<boolean>((resolve) => late.addEventListener('abort', () => resolve(false)));
  const opened = client.views.open({ trigger_id: form.trigger, view }).then(
    () => true,
    () => false,
  );
  return Promise.race([opened, tooLate]);
};

interface Connected {
  readonly client: WebClient;
  readonly of: BotToken['of'];
}

interface Attempt extends Connected {
  readonly parts: SlackSenderParts;
  readonly delivery: Delivery;
  readonly rendered: Rendered;
  readonly place: Place;
  readonly form: 'blocks' | 'plain';
}

const attempt = async (given: Attempt): Promise<Delivered> => {
  const { delivery, parts } = given;
  try {
    const messageId = await call(given);
    return { k: 'sent', ...(messageId === undefined ? {} : { messageId }) };
  } catch (error) {
    if (isRevoked(error)) {
      // One workspace that took us out again holds up nobody else.
      if (given.of === 'workspace') return { k: 'dead', suspend: true, reason: describe(error) };
      parts.onRefused();
    }
    const fallout = falloutOf(error, delivery.edits);
    return fallout.k === 'as_plain' ? asPlain(given, error) : fallout;
  }
};

/** Our own blocks were refused: the words matter more, and whoever runs this should know. */
const asPlain = (given: Attempt, error: unknown): Promise<Delivered> | Delivered => {
  if (given.form === 'plain') return dead(describe(error));
  given.parts.observe({ kind: 'loop_faulted', loop: 'slack blocks', error: new Error(describe(error)) });
  return attempt({ ...given, form: 'plain' });
};

const call = async (given: Attempt): Promise<string | undefined> => {
  const { client, delivery, place } = given;
  const { document, edits } = delivery;
  const { channel } = place;
  const thread = threadFor(given);
  const under = thread === undefined ? {} : { thread_ts: thread };
  if (document !== undefined) {
    const file = { filename: document.name, content: document.text };
    await client.filesUploadV2(
      thread === undefined
        ? { channel_id: channel, ...file }
        : { channel_id: channel, thread_ts: thread, ...file },
    );
    return undefined;
  }
  const words = wordsOf(given);
  if (edits !== undefined) {
    await client.chat.update({ channel, ts: tsOf(edits), ...words });
    return edits;
  }
  const user = whisperedTo(given);
  if (user !== undefined) {
    await client.chat.postEphemeral({ channel, user, ...words, ...under });
    return undefined;
  }
  const message = { channel, ...words, unfurl_links: false, unfurl_media: false };
  const hanging = thread === undefined ? {} : { thread_ts: thread, reply_broadcast: isLoud(delivery) };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a method of Slack's, not of a window
  const { ts = '' } = await client.chat.postMessage({ ...message, ...hanging });
  return messageIdOf(ts, thread);
};

/** Blocks take the place of what stood there before; without them the buttons of yesterday would stay. */
const wordsOf = ({ rendered, form }: Attempt) => ({
  text: rendered.text === '' ? '…' : rendered.text,
  parse: 'none' as const,
  link_names: false,
  blocks: form === 'blocks' ? rendered.blocks.map((block) => structuredClone(block)) : [],
});

/** In a conversation of two everything is for that person anyway. */
const whisperedTo = ({ delivery, place }: Attempt): string | undefined =>
  delivery.onlyFor === undefined || isDirect(place.channel) ? undefined : userOf(delivery.onlyFor);

const isLoud = ({ content }: Delivery): boolean => content.kind === 'note' && content.note.loud === true;

/**
 * Everything about a run hangs from its card, which stands in the channel itself; a conversation of two has no threads but
 * those that somebody began.
 */
const threadFor = ({ place, delivery }: Attempt): string | undefined => {
  const { replyTo, content } = delivery;
  if (place.thread !== undefined || replyTo === undefined) return place.thread;
  const begun = threadOf(replyTo);
  if (begun !== undefined) return begun;
  if (isDirect(place.channel) || content.kind === 'card' || replyTo.includes('/')) return undefined;
  return replyTo;
};
