/**
 * The objects of the Bot API as they travel, as far as the fake knows them. An optional field may hold
 * `undefined` too: JSON drops it on the way out, and building a message stays one plain literal.
 */

export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel';

export interface Chat {
  readonly id: number;
  readonly type: ChatType;
  readonly title?: string | undefined;
  readonly username?: string | undefined;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  readonly is_forum?: true | undefined;
}

export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string | undefined;
  readonly language?: string | undefined;
  readonly custom_emoji_id?: string | undefined;
  readonly unix_time?: number | undefined;
  readonly date_time_format?: string | undefined;
}

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string | undefined;
  readonly url?: string | undefined;
}

export interface ReplyMarkup {
  readonly inline_keyboard?: readonly (readonly InlineButton[])[] | undefined;
}

export type ForwardOrigin =
  | { readonly type: 'user'; readonly sender_user: User; readonly date: number }
  | { readonly type: 'hidden_user'; readonly sender_user_name: string; readonly date: number };

export interface SentDocument {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_name: string;
  readonly mime_type: string;
  readonly file_size: number;
}

export interface Message {
  readonly message_id: number;
  readonly date: number;
  readonly chat: Chat;
  readonly from?: User | undefined;
  readonly message_thread_id?: number | undefined;
  readonly is_topic_message?: true | undefined;
  readonly sender_chat?: Chat | undefined;
  readonly forward_origin?: ForwardOrigin | undefined;
  readonly is_automatic_forward?: true | undefined;
  readonly is_from_offline?: true | undefined;
  readonly via_bot?: User | undefined;
  readonly reply_to_message?: Message | undefined;
  readonly edit_date?: number | undefined;
  readonly text?: string | undefined;
  readonly entities?: readonly Entity[] | undefined;
  readonly document?: SentDocument | undefined;
  readonly caption?: string | undefined;
  readonly caption_entities?: readonly Entity[] | undefined;
  readonly reply_markup?: ReplyMarkup | undefined;
  readonly migrate_to_chat_id?: number | undefined;
  readonly migrate_from_chat_id?: number | undefined;
}

export type MemberStatus = 'member' | 'administrator' | 'left' | 'kicked';

/** An update before the queue gave it its number: exactly one kind, its body left open. */
export type UpdateBody = Readonly<Record<string, unknown>>;
export type Update = UpdateBody & { readonly update_id: number };

export interface UploadedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
  readonly content: string;
}

export type Params = Readonly<Record<string, unknown>>;
