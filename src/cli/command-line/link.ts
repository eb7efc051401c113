import type { Command } from 'commander';
import { linkSlack } from '../commands/link-slack.ts';
import { linkSms, type SmsOptions } from '../commands/link-sms.ts';
import { linkTelegram } from '../commands/link-telegram.ts';
import type { CliContext } from '../context.ts';
import type { LinkOptions } from '../linking/guide.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** From a token to a first message. No token is ever an argument: everybody on the machine sees those. */
export const addLinkCommands = (program: Command, run: Run): void => {
  const group = program
    .command('link')
    .description('open the house to a channel: proves its token and keeps it');
  const telegram = guide(group, 'telegram', 'a bot of @BotFather')
    .option('--token-stdin', 'its token is the first line of stdin', false)
    .option('--take-over', 'even if a webhook of another program receives its messages', false);
  telegram.action(() => run((context) => linkTelegram(context, telegram.opts<LinkOptions>()))());
  const slack = guide(group, 'slack', 'an app of your workspace, over a socket').option(
    '--token-stdin',
    'bot token and app token are lines of stdin',
    false,
  );
  slack.action(() => run((context) => linkSlack(context, slack.opts<LinkOptions>()))());
  const sms = guide(group, 'sms', 'a number of Twilio')
    .option('--token-stdin', 'account SID, auth token and number are lines of stdin', false)
    .option('--public-url <address>', 'how Twilio reaches this instance, https; PUBLIC_URL otherwise')
    .option('--take-over', 'even if its texts go to another program', false);
  sms.action(() => run((context) => linkSms(context, sms.opts<SmsOptions>()))());
};

const guide = (group: Command, name: string, description: string): Command =>
  group.command(name).description(description).option('--no-input', 'ask nothing');
