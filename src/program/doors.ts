import type { Writable } from 'node:stream';
import type { Channel, ChannelSettings } from '../bot/channel-kind.ts';
import { openChannels } from '../bot/channels.ts';
import { type ChatChannel, chatChannel } from '../bot/chat/channel.ts';
import { devChannel } from '../bot/dev/channel.ts';
import { createMemory } from '../bot/from-memory.ts';
import { MESSAGE_LEASE_MS } from '../bot/inbox-pump.ts';
import { terminalChannel } from '../bot/terminal/channel.ts';
import type { ProgramInput } from '../cli/program-input.ts';
import type { TelegramSettings } from '../config/settings.ts';
import type { ChannelHealth, IMessageSender, InboundSink } from '../core/ports/channel.ts';
import type { Running } from '../core/ports/running.ts';
import { consoleSender, httpSender } from '../web/http-sender.ts';
import type { Household } from './household.ts';
import { newKey } from './keys.ts';
import { offerOwnership } from './offer-ownership.ts';

const DRAIN_MS = 3000;
/** What somebody who chats in the terminal has to know at once: faults, and what became of an edited catalog. */
const WORTH_SAYING = / error | reloaded: | the old catalog stays live: /;

export interface DoorChoices {
  readonly terminal: boolean;
  /** Ends the program: "quit", "deaf". */
  readonly end: (why: string) => void;
}

/** All ways in and out of one process. Their health is asked for before they are open. */
export const openDoors = (input: ProgramInput, choices: DoorChoices) => {
  let channels: readonly Channel[] = [];
  let chat: ChatChannel | undefined;
  let print: ((lines: readonly string[]) => void) | undefined;
  let announced = false;
  const memory = createMemory({
    profile: input.settings.profile,
    senderOf: (address) => channels.find(({ sender }) => address.startsWith(`${sender.channel}:`))?.sender,
    now: Date.now,
  });
  /** Whether it is this process that speaks there at present, and not another one. */
  const speaksOn = (channel: string): boolean =>
    channels.every(({ sender, adapter }) => sender.channel !== channel || adapter?.isOurs?.() !== false);
  const open = async (house: Household) => {
    const { observe, buttonToken, onlyOne } = house;
    const dev = devChannel({ observe, now: Date.now });
    // Nobody is asked for a password there, so it is only where nothing matters.
    chat =
      input.settings.profile === 'dev'
        ? chatChannel({ now: Date.now, newId: () => newKey(9), buttonToken })
        : undefined;
    const networked = await openChannels(channelSettings(input), {
      observe,
      now: Date.now,
      clock: () => performance.now(),
      buttonToken,
      onlyOne,
      installations: house.store.installations,
      onDeaf: () => choices.end('deaf'),
      onIntroduced: (botName) => {
        // The channel introduces itself again after some troubles; the link is offered once.
        if (!announced) void announce(input, house, botName);
        announced = true;
      },
    });
    const terminal = choices.terminal ? [openTerminal(input, house, choices)] : [];
    if (terminal[0] !== undefined) print = terminal[0].print;
    channels = [...networked, ...terminal, { sender: dev.sender }, ...(chat === undefined ? [] : [chat])];
    const senders: readonly IMessageSender[] = [
      ...channels.map(({ sender }) => sender),
      httpSender,
      consoleSender,
    ];
    const routes = channels.flatMap(({ webhooks = [] }) => webhooks);
    const localChat = chat === undefined ? {} : { localChat: chat.chat };
    const { handled: onHandled } = memory;
    return { senders, speaksOn, routes, recentDev: dev.recent, onHandled, ...localChat };
  };
  return {
    open,
    health: (): readonly ChannelHealth[] =>
      channels.flatMap(({ adapter }) => (adapter === undefined ? [] : [adapter.health()])),
    /** A person who chats in this terminal is not interrupted by the log; the file has it, and `ops` tells of trouble. */
    log: (line: string): void => {
      if (!choices.terminal) input.stderr.write(line);
      else if (print !== undefined && WORTH_SAYING.test(line)) print([line.trimEnd()]);
    },
    start: async ({ store, instance, observe }: Household, running: Running[]): Promise<void> => {
      const sink: InboundSink = async (batch) => {
        try {
          const at = await store.now();
          const { known } = await store.inbox.accept(batch, at, {
            owner: instance,
            until: at + MESSAGE_LEASE_MS,
          });
          memory.stored();
          const channel = batch[0]?.channel ?? '';
          for (let again = 0; again < known; again += 1) observe({ kind: 'message_duplicate', channel });
        } catch (error) {
          void memory.failed(batch, error);
          throw error;
        }
      };
      if (chat !== undefined) {
        const { opens, closes } = chat;
        opens(sink);
        running.push({ stop: closes });
      }
      for (const { adapter } of channels) {
        if (adapter === undefined) continue;
        await adapter.start(sink);
        running.push({ stop: () => adapter.drain(DRAIN_MS) });
      }
    },
  };
};

const channelSettings = ({
  settings: { telegram, slack, twilio, publicUrl },
}: ProgramInput): ChannelSettings => ({
  ...(telegram === undefined ? {} : { telegram: telegramSettings(telegram, publicUrl) }),
  ...(slack === undefined ? {} : { slack: { ...slack, ...(publicUrl === undefined ? {} : { publicUrl }) } }),
  ...(twilio === undefined || publicUrl === undefined ? {} : { sms: { ...twilio, publicUrl } }),
});

const telegramSettings = (
  { token, apiRoot, webhookSecret: secret }: TelegramSettings,
  publicUrl: string | undefined,
): NonNullable<ChannelSettings['telegram']> => ({
  token,
  apiRoot,
  ...(secret === undefined || publicUrl === undefined ? {} : { webhook: { publicUrl, secret } }),
});

const openTerminal = (input: ProgramInput, { observe, buttonToken }: Household, { end }: DoorChoices) =>
  terminalChannel({
    input: input.stdin,
    // The command line knows its output as something to write to; on a terminal it is the stream itself.
    output: input.stdout as Writable,
    isTty: true,
    colour: (input.env.NO_COLOR ?? '') === '',
    now: Date.now,
    newId: () => newKey(9),
    buttonToken,
    observe,
    onQuit: () => end('quit'),
  });

/** Printed once the bot's name is known. */
const announce = async (
  input: ProgramInput,
  { store, observe }: Household,
  botName: string,
): Promise<void> => {
  try {
    const link = await offerOwnership(store, botName);
    const words =
      link === undefined
        ? `✔ bot     https://t.me/${botName}`
        : `✔ bot     @${botName}. Nobody is known yet: open this link within 10 minutes to become its owner\n            ${link}`;
    input.stdout.write(`  ${words}\n`);
  } catch (error) {
    observe({ kind: 'loop_faulted', loop: 'claim link', error });
  }
};
