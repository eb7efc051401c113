import { z } from 'zod';

/** Only what is read; everything else that Telegram sends, now or later, passes through unseen. */

const id = z.number().int();

const user = z.object({
  id: id.positive(),
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
});

const chat = z.object({ id, type: z.enum(['private', 'group', 'supergroup', 'channel']) });

const entity = z.object({
  type: z.string(),
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  user: z.object({ id }).optional(),
});

const repliedTo = z.object({
  message_id: id,
  chat: z.object({ id }),
  from: z.object({ id }).optional(),
  // The first message of a topic is what every other one formally answers.
  forum_topic_created: z.unknown().optional(),
});

const present = z.unknown().optional();

const message = z.object({
  message_id: id.nonnegative(),
  date: z.number().int().nonnegative(),
  chat,
  from: user.optional(),
  sender_chat: z.object({ id, title: z.string().optional() }).optional(),
  message_thread_id: id.optional(),
  is_topic_message: z.boolean().optional(),
  text: z.string().optional(),
  entities: z.array(entity).optional(),
  reply_to_message: repliedTo.optional(),
  /** What it answers or quotes of another chat. */
  external_reply: present,
  forward_origin: present,
  forward_date: present,
  via_bot: present,
  is_automatic_forward: z.boolean().optional(),
  is_from_offline: z.boolean().optional(),
  migrate_to_chat_id: id.optional(),
});

const callbackQuery = z.object({
  id: z.string().min(1).max(100),
  from: user,
  message: z
    .object({
      message_id: id,
      chat,
      message_thread_id: id.optional(),
      is_topic_message: z.boolean().optional(),
    })
    .optional(),
  data: z.string().optional(),
});

const myChatMember = z.object({
  chat,
  date: z.number().int().nonnegative(),
  new_chat_member: z.object({ status: z.string(), is_member: z.boolean().optional() }),
});

export const updateSchema = z.object({
  update_id: id.nonnegative(),
  message: message.optional(),
  edited_message: message.optional(),
  channel_post: message.optional(),
  edited_channel_post: message.optional(),
  callback_query: callbackQuery.optional(),
  my_chat_member: myChatMember.optional(),
});

export type TelegramMessage = z.infer<typeof message>;
export type TelegramCallback = z.infer<typeof callbackQuery>;
export type TelegramMembership = z.infer<typeof myChatMember>;

/** What Telegram is asked to send; without it the setting of the previous program would hold. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;
