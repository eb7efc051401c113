import type { Inbound, Sender } from '../../core/ports/channel.ts';
import {
  addressOf,
  CHANNEL,
  identityOf,
  isDirect,
  messageIdOf,
  NO_MESSAGE,
  type Place,
  placeOf,
} from './address.ts';
import { readButtonValue } from './button-value.ts';
import { CALLBACK, lineOf, readOrigin, VALUE } from './modal.ts';
import type { SlackBlockActions, SlackViewSubmission } from './payload.ts';
import { pressIdOf } from './press-id.ts';
import { saidIn } from './said.ts';

type Actor = SlackBlockActions['user'];

const senderOf = ({ id, team_id, name, username }: Actor, team: string): Sender => ({
  identity: identityOf(team_id ?? team, id),
  name: saidIn(name ?? username ?? id, undefined),
});

export const ofBlockActions = (pressed: SlackBlockActions): Inbound => {
  const { team, user, trigger_id, container, actions } = pressed;
  const { channel_id, thread_ts, message_ts, is_ephemeral = false } = container;
  const channel: Place = { team: team.id, channel: channel_id };
  const threaded = thread_ts !== undefined && thread_ts !== message_ts;
  const belowOurs = isBelowOurs(pressed);
  const place = threaded && !belowOurs ? { ...channel, thread: thread_ts } : channel;
  const messageId = messageIdOf(message_ts, threaded && belowOurs ? thread_ts : undefined);
  return {
    channel: CHANNEL,
    account: team.id,
    eventKey: `trigger:${trigger_id}`,
    kind: 'button',
    address: addressOf(place),
    lane: addressOf(channel),
    from: senderOf(user, team.id),
    chat: isDirect(channel_id) ? 'private' : 'group',
    aside: 'possible',
    trigger: trigger_id,
    press: {
      ...readButtonValue(actions[0]?.value),
      pressId: pressIdOf({
        place: thread_ts === undefined ? channel : { ...channel, thread: thread_ts },
        user: user.id,
      }),
    },
    // What only one person sees cannot be edited, and nothing hangs from it.
    ...(is_ephemeral ? {} : { messageId }),
  };
};

/** The message with the button is ours; so is the thread when its first message was written by the same hand. */
const isBelowOurs = ({ message }: SlackBlockActions): boolean =>
  message?.user !== undefined && message.parent_user_id === message.user;

/** A form that was sent off, as the line that could have been typed instead. */
export const ofSubmission = ({ team, user, view }: SlackViewSubmission): Inbound | undefined => {
  if (view.callback_id !== CALLBACK) return undefined;
  const origin = readOrigin(view.private_metadata);
  const place = origin === undefined ? undefined : placeOf(origin.address);
  if (origin === undefined || place === undefined || place.team !== team.id) return undefined;
  const values = Object.fromEntries(
    Object.entries(view.state.values).map(([name, elements]) => {
      const { value, selected_option } = elements[VALUE] ?? {};
      return [name, selected_option?.value ?? value ?? undefined];
    }),
  );
  const written = lineOf(origin.job, values);
  return {
    channel: CHANNEL,
    account: team.id,
    // A form is sent off once; what is sent again is the same.
    eventKey: `view:${view.id}`,
    kind: 'text',
    address: origin.address,
    lane: addressOf({ team: place.team, channel: place.channel }),
    from: senderOf(user, team.id),
    chat: origin.chat,
    aside: 'always',
    text: 'line' in written ? written.line : `run ${origin.job}`,
    addressed: true,
    messageId: NO_MESSAGE,
  };
};

/** The field of a form whose value has to be written in another way, before anything is stored. */
export const problemIn = ({ view }: SlackViewSubmission): { readonly field: string } | undefined => {
  const values = Object.fromEntries(
    Object.entries(view.state.values).map(([name, elements]) => [name, elements[VALUE]?.value ?? undefined]),
  );
  const written = lineOf('job', values);
  return 'unwritable' in written ? { field: written.unwritable } : undefined;
};
