import { describe } from 'vitest';
import { type ChannelUnderTest, channelContract } from './channel.contract.ts';
import { dev, slack, sms, telegram, terminal, webhookOut } from './lines.ts';

const channels: Readonly<Record<string, ChannelUnderTest>> = {
  'the dev door': {
    connect: dev,
    lacks: {
      intake: 'its messages arrive through the web, which answers each in its own response',
      cards: 'it is plain: it shows no cards and no buttons',
      files: 'it says words and nothing else',
      screen: 'it hands words on as data, and no screen of ours shows them',
    },
  },
  'the terminal': {
    connect: terminal,
    lacks: {
      provider: 'nobody stands behind a keyboard who would repeat a line; the person is told instead',
      files: 'a file would be on the screen of the machine that has it',
      plain: 'it shows cards',
    },
  },
  Telegram: { connect: telegram, lacks: { plain: 'it shows cards' } },
  Slack: { connect: slack, lacks: { plain: 'it shows cards' } },
  SMS: {
    connect: sms,
    lacks: {
      cards: 'it is one short text after the other',
      files: 'it says words and nothing else',
      screen: 'its alphabet has no control letters, and no markup',
      plain: 'its words are made to fit into one message',
    },
  },
  'a webhook out': {
    connect: webhookOut,
    lacks: {
      intake: 'nothing comes in by it',
      cards: 'it is plain: it shows no cards and no buttons',
      files: 'it says words and nothing else',
      screen: 'it hands words on as data, and no screen of ours shows them',
    },
  },
};

for (const [name, channel] of Object.entries(channels)) {
  describe(`a channel: ${name}`, () => {
    channelContract(channel);
  });
}
