import { offerOwnership } from '../../program/offer-ownership.ts';
import type { CliContext } from '../context.ts';
import { ask } from '../linking/ask.ts';
import {
  assertFree,
  keep,
  type LinkOptions,
  proven,
  START_STEP,
  settingsWith,
  tell,
  withStoreIfThere,
} from '../linking/guide.ts';
import { lookAtTelegram, removeTelegramWebhook } from '../providers/telegram.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

/** `textops link telegram`: proves the token, keeps it, and offers the bot to its first person. */
export const linkTelegram = async (context: CliContext, options: LinkOptions): Promise<ExitCode> => {
  assertFree(context, ['TELEGRAM_BOT_TOKEN']);
  const [token = ''] = await ask(context.io, options, [
    { words: 'The token that @BotFather gave you', echo: 'hidden' },
  ]);
  const given = { TELEGRAM_BOT_TOKEN: token };
  const { telegram, publicUrl, database } = settingsWith(context, given);
  if (telegram === undefined) throw new Error('a token was given and makes no channel');
  const { botName, webhook } = proven(await lookAtTelegram(telegram, publicUrl));
  const isForeign = typeof webhook === 'object';
  if (isForeign && options.takeOver !== true) {
    throw new Stop({
      code: 'REFUSED',
      message: `A webhook of ${webhook.host} receives the messages of @${botName}; nothing changed.`,
      hint: 'Make another bot for TextOps, or take this one from there with --take-over.',
    });
  }
  const { kept, claimLink, isOpened } = await withStoreIfThere(database, async (store) => {
    const done = await keep(context, given, async () => {
      if (isForeign) proven(await removeTelegramWebhook(telegram));
    });
    const link = store === undefined ? undefined : await offerOwnership(store, botName);
    return { kept: done, claimLink: link, isOpened: store !== undefined };
  });
  const more = { bot: botName, claimLink: claimLink ?? null, tookOver: isForeign };
  tell(context, { channel: 'telegram', words: `The token is good: @${botName}`, kept, more }, [
    START_STEP,
    whoStep(botName, claimLink, isOpened),
    'Text it /jobs: what can be run, and how to ask for it.',
  ]);
  return EXIT.done;
};

const whoStep = (botName: string, claimLink: string | undefined, isOpened: boolean): string => {
  if (claimLink !== undefined) {
    return `Open this link on your phone within 10 minutes; whoever does is the owner (start prints another):\n   ${claimLink}`;
  }
  return isOpened
    ? `Open https://t.me/${botName}: whoever was known on Telegram before still is.`
    : 'It prints a link; open it on your phone within 10 minutes, and you are the owner.';
};
