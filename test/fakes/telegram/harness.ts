import type { Update } from 'grammy/types';
import { onTestFinished } from 'vitest';
import type { FakeTelegram, TelegramOptions } from '../telegram-server.ts';
import { startFakeTelegram } from '../telegram-server.ts';
import type { Answer } from './ledger.ts';

/** A fake that ends with its test; without the quirks, which would slow down what does not test them. */
export const start = async (options: TelegramOptions = {}): Promise<FakeTelegram> => {
  const fake = await startFakeTelegram({ quirks: false, firstUpdateId: 100, ...options });
  onTestFinished(fake.close);
  return fake;
};

/** The smallest cast: one person, whose chat is 42. */
export const withAda = async (options: TelegramOptions = {}) => {
  const fake = await start(options);
  const ada = fake.addUser({ firstName: 'Ada', id: 42 });
  const send = (text: string, more: object = {}) => call(fake, 'sendMessage', { chat_id: 42, text, ...more });
  return { fake, ada, send };
};

export const call = async (
  fake: FakeTelegram,
  method: string,
  params: object = {},
  signal: AbortSignal | null = null,
): Promise<Answer> => {
  const response = await fetch(`${fake.url}/bot${fake.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
    signal,
  });
  // The shape of every answer is the fake's own.
  return response.json() as Promise<Answer>;
};

export const poll = (fake: FakeTelegram, offset: number, more: object = {}): Promise<Answer> =>
  call(fake, 'getUpdates', { offset, timeout: 0, ...more });

// What a test polls for are updates; a refusal would fail right here, which is as good as a check.
export const updatesOf = (answer: Answer): Update[] => answer.result as Update[];

export const ids = (answer: Answer): number[] => updatesOf(answer).map((update) => update.update_id);

export const idOf = (answer: Answer): number => (answer.result as { message_id: number }).message_id;

export const keyboard = (...buttons: (readonly [label: string, data: string])[]) => ({
  inline_keyboard: [buttons.map(([text, callback_data]) => ({ text, callback_data }))],
});
