import type { Envelope } from './socket.ts';
import { BOT, type OpenView, type Posted, TEAM, type World } from './world.ts';

export interface Writes {
  /** The message that the thread hangs from. */
  readonly thread?: Posted | string;
  readonly more?: object;
}

/** What people of the workspace do; each of it becomes the envelope that Slack would send. */
export const createPeople = (world: World, deliver: (envelope: Envelope) => string) => {
  let serial = 0;
  const eventOf = (event: object): Envelope => ({
    type: 'events_api',
    payload: {
      type: 'event_callback',
      team_id: TEAM,
      api_app_id: 'A1',
      event_id: `Ev${(serial += 1)}`,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ team_id: TEAM, user_id: BOT, is_bot: true }],
      event,
    },
  });

  const written = (user: string, channel: string, text: string, { thread, more }: Writes, event: object) => {
    const rootTs = typeof thread === 'string' ? thread : thread?.ts;
    const parent = rootTs === undefined ? undefined : world.find(channel, rootTs);
    const { ts } = world.put({ channel, thread: rootTs, broadcast: false, user, text, blocks: [] });
    const inThread = rootTs === undefined ? {} : { thread_ts: rootTs, parent_user_id: parent?.user };
    return {
      ts,
      envelope: eventOf({
        user,
        channel,
        text,
        ts,
        event_ts: ts,
        team: TEAM,
        ...inThread,
        ...event,
        ...more,
      }),
    };
  };

  /** A direct message. */
  const tells = (user: string, channel: string, text: string, how: Writes = {}) =>
    written(user, channel, text, how, { type: 'message', channel_type: 'im' });

  const mentions = (user: string, channel: string, text: string, how: Writes = {}) =>
    written(user, channel, `<@${BOT}> ${text}`, how, { type: 'app_mention' });

  const commands = (user: string, channel: string, text: string): Envelope => ({
    type: 'slash_commands',
    payload: {
      command: '/textops',
      text,
      team_id: TEAM,
      team_domain: 'ops',
      channel_id: channel,
      channel_name: 'ops',
      user_id: user,
      user_name: user.toLowerCase(),
      api_app_id: 'A1',
      response_url: 'https://hooks.slack.invalid/commands/1',
      trigger_id: world.trigger(user),
    },
  });

  const buttonOf = (message: Posted, label: string) => {
    const buttons = message.blocks.flatMap(({ elements = [] }) => elements);
    const button = buttons.find(({ text }) => text.text === label);
    if (button === undefined)
      throw new Error(`no button ${label} among ${buttons.map((b) => b.text.text).join(', ')}`);
    return button;
  };

  const presses = (user: string, message: Posted, label: string, more: object = {}): Envelope => ({
    type: 'interactive',
    payload: {
      type: 'block_actions',
      team: { id: TEAM, domain: 'ops' },
      user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
      api_app_id: 'A1',
      trigger_id: world.trigger(user),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: message.channel,
        is_ephemeral: message.onlyFor !== undefined,
        ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
      },
      channel: { id: message.channel, name: 'ops' },
      ...(message.onlyFor === undefined
        ? {
            message: {
              user: message.user,
              ts: message.ts,
              text: message.text,
              ...(message.thread === undefined
                ? {}
                : {
                    thread_ts: message.thread,
                    parent_user_id: world.find(message.channel, message.thread)?.user,
                  }),
            },
          }
        : {}),
      actions: [{ type: 'button', action_id: 'x', value: buttonOf(message, label).value, action_ts: '1.1' }],
      ...more,
    },
  });

  const submits = (
    { id, user, view }: OpenView,
    values: Readonly<Record<string, string | { readonly chosen: string }>>,
  ): Envelope => ({
    type: 'interactive',
    payload: {
      type: 'view_submission',
      team: { id: TEAM, domain: 'ops' },
      user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
      trigger_id: world.trigger(user),
      view: {
        ...view,
        id,
        hash: '1.abc',
        state: {
          values: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [
              name,
              {
                value:
                  typeof value === 'string'
                    ? { type: 'plain_text_input', value }
                    : { type: 'static_select', selected_option: { value: value.chosen } },
              },
            ]),
          ),
        },
      },
    },
  });

  return { make: { eventOf, tells, mentions, commands, presses, submits }, deliver };
};
