import { createRunner, createSource, createUpdateFetcher } from '@grammyjs/runner';
import { Bot, GrammyError, InlineKeyboard, InputFile } from 'grammy';
import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import type { FakeTelegram } from '../telegram-server.ts';
import { withAda } from './harness.ts';

const startBot = (fake: FakeTelegram) => {
  const bot = new Bot(fake.token, { client: { apiRoot: fake.url } });
  bot.command('run', (context) =>
    context.reply('<b>Approve?</b>', {
      parse_mode: 'HTML',
      reply_markup: new InlineKeyboard().text('Approve', 'v1:yes:t').text('Reject', 'v1:no:t'),
    }),
  );
  bot.callbackQuery(/^v1:yes/, async (context) => {
    await context.answerCallbackQuery('Approved');
    await context.editMessageText('Approved');
    await context.replyWithDocument(new InputFile(Buffer.from('line 1\n'), 'run.log'), { caption: 'log' });
  });
  const fetcher = createUpdateFetcher(bot, { fetch: { timeout: 30 }, silent: true });
  const source = createSource<Update>({ supply: (size, signal) => fetcher(size, signal) });
  const handle = async (updates: Update[]): Promise<number> => {
    for (const update of updates) await bot.handleUpdate(update);
    return Number.POSITIVE_INFINITY;
  };
  return { bot, runner: createRunner(source, { handle, size: () => 0, snapshot: () => [] }) };
};

describe('grammY with its runner', () => {
  it('polls, answers, edits and uploads against the fake, and confirms what it handled', async () => {
    const { fake, ada } = await withAda({ quirks: true });
    const { bot, runner } = startBot(fake);
    await bot.init();
    expect(bot.botInfo.username).toBe('textops_bot');
    runner.start();
    ada.tells('/run backup');
    const prompt = await fake.waitFor(() => fake.botMessages(42)[0]);
    expect(prompt.buttons.flat().map(({ label }) => label)).toEqual(['Approve', 'Reject']);
    const query = ada.presses(prompt, 'Approve');
    const log = await fake.waitFor(() => fake.botMessages(42)[1]);
    expect(log).toMatchObject({ text: 'log', file: { fileName: 'run.log', content: 'line 1\n' } });
    expect(fake.botMessages(42)[0]).toMatchObject({ text: 'Approved', editCount: 1, buttons: [] });
    expect(fake.callbackAnswer(query)?.text).toBe('Approved');
    await fake.waitFor(() => fake.confirmedUpdateIds().length === 2);
    await runner.stop();
    await fake.waitFor(() => !fake.isPolled());
  });

  it('sees the errors as GrammyError with their parameters', async () => {
    const { fake, ada } = await withAda();
    const { bot } = startBot(fake);
    fake.pauseSends('global', 3);
    const error = await bot.api.sendMessage(ada.id, 'x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } });
  });
});
