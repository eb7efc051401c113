import { z } from 'zod';

/** Only what is read; everything else that Slack sends, now or later, passes through unseen. */

const id = z.string().regex(/^[A-Z][A-Z0-9]{1,30}$/);
const ts = z.string().regex(/^\d{1,12}\.\d{1,8}$/);
const key = z.string().min(1).max(300);

/** What a message says, whether it is new or stands inside of the news that it was changed. */
const message = z.object({
  user: id.optional(),
  /** Of whom it was written, where that is another workspace than ours. */
  user_team: id.optional(),
  text: z.string().optional(),
  ts,
  thread_ts: ts.optional(),
  /** Whose message the thread hangs from. */
  parent_user_id: id.optional(),
  bot_id: z.string().optional(),
  edited: z.unknown().optional(),
  attachments: z.array(z.object({ is_share: z.boolean().optional() })).optional(),
});

const messageEvent = message.extend({
  type: z.enum(['message', 'app_mention']),
  channel: id,
  channel_type: z.string().optional(),
  subtype: z.string().optional(),
  message: message.optional(),
});

const membershipEvent = z.object({
  type: z.enum([
    'member_joined_channel',
    'channel_archive',
    'channel_unarchive',
    'group_archive',
    'group_unarchive',
  ]),
  channel: id,
  user: id.optional(),
});

const otherEvent = z.object({ type: z.string() });

/** The Events API, over a socket or over HTTP. */
export const eventSchema = z.object({
  type: z.literal('event_callback'),
  team_id: id,
  event_id: key,
  event_time: z.number().int().nonnegative(),
  authorizations: z.array(z.object({ user_id: id.optional(), is_bot: z.boolean().optional() })).optional(),
  event: z.union([messageEvent, membershipEvent, otherEvent]),
});

/** A slash command. */
export const commandSchema = z.object({
  command: z.string().startsWith('/'),
  team_id: id,
  channel_id: id,
  user_id: id,
  user_name: z.string().optional(),
  text: z.string().default(''),
  trigger_id: key,
});

const actor = z.object({
  id,
  team_id: id.optional(),
  name: z.string().optional(),
  username: z.string().optional(),
});

const team = z.object({ id });

const blockActions = z.object({
  type: z.literal('block_actions'),
  team,
  user: actor,
  trigger_id: key,
  container: z.object({
    message_ts: ts,
    channel_id: id,
    thread_ts: ts.optional(),
    is_ephemeral: z.boolean().optional(),
  }),
  message: z.object({ user: id.optional(), parent_user_id: id.optional() }).optional(),
  actions: z.array(z.object({ value: z.string().optional() })).min(1),
});

const input = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});

const viewSubmission = z.object({
  type: z.literal('view_submission'),
  team,
  user: actor,
  trigger_id: key.optional(),
  view: z.object({
    id: key,
    hash: z.string().optional(),
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }),
  }),
});

const otherInteraction = z.object({ type: z.string(), team: team.nullish() });

/** Buttons and forms. */
export const interactionSchema = z.union([blockActions, viewSubmission, otherInteraction]);

export type SlackMessage = z.infer<typeof message>;
export type SlackMessageEvent = z.infer<typeof messageEvent>;
export type SlackMembership = z.infer<typeof membershipEvent>;
export type SlackEvent = z.infer<typeof eventSchema>;
export type SlackCommand = z.infer<typeof commandSchema>;
export type SlackBlockActions = z.infer<typeof blockActions>;
export type SlackViewSubmission = z.infer<typeof viewSubmission>;
