import type { UploadedFile } from './wire.ts';
import type { ChatState, StoredMessage } from './world.ts';

export interface SeenButton {
  readonly label: string;
  readonly data: string | undefined;
  readonly url: string | undefined;
}

/** A message as a person looking at the chat sees it now. */
export interface SeenMessage {
  readonly messageId: number;
  readonly chatId: number;
  readonly threadId: number | undefined;
  readonly fromBot: boolean;
  readonly authorId: number | undefined;
  /** Unix seconds. */
  readonly date: number;
  /** Plain, after parsing; the caption when it is a document. */
  readonly text: string;
  /** As the author wrote it, tags included. */
  readonly html: string;
  readonly buttons: readonly (readonly SeenButton[])[];
  readonly editCount: number;
  readonly silent: boolean;
  readonly replyTo: number | undefined;
  readonly file: UploadedFile | undefined;
}

export const seenMessages = (state: ChatState): readonly SeenMessage[] =>
  [...state.messages.values()].map(seen);

const seen = ({ wire, fromBot, silent, file, source, edits }: StoredMessage): SeenMessage => ({
  messageId: wire.message_id,
  chatId: wire.chat.id,
  threadId: wire.message_thread_id,
  fromBot,
  authorId: wire.from?.id,
  date: wire.date,
  text: wire.text ?? wire.caption ?? '',
  html: source,
  buttons: (wire.reply_markup?.inline_keyboard ?? []).map((row) =>
    row.map((button) => ({ label: button.text, data: button.callback_data, url: button.url })),
  ),
  editCount: edits,
  silent,
  replyTo: wire.reply_to_message?.message_id,
  file,
});
