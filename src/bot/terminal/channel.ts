import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ButtonToken,
  ChannelHealth,
  IChannelAdapter,
  IMessageSender,
  Inbound,
  InboundSink,
} from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { CAPS } from './caps.ts';
import { openPrompt, type Prompt } from './prompt.ts';
import { MARGIN, toast, type View } from './render.ts';
import { buttonAt, emptyScreen, type Screen, show } from './screen.ts';
import { FIRST_SEAT, noSuchButton, promptOf, readTyped, type Typed } from './session.ts';
import { pressOf, textOf } from './wire.ts';

export interface TerminalOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly isTty: boolean;
  /** False when the output is no terminal, or NO_COLOR is set. */
  readonly colour: boolean;
  readonly now: () => number;
  /** Names events and messages; never the same twice, across restarts as well. */
  readonly newId: () => string;
  readonly buttonToken: ButtonToken;
  readonly observe: Observe;
  /** The person left: `:quit`, Ctrl-C, Ctrl-D or the end of the input. Not called when `drain` closes the terminal. */
  readonly onQuit: () => void;
  readonly timezone?: string;
  readonly seat?: string;
}

export interface TerminalChannel {
  readonly adapter: IChannelAdapter;
  readonly sender: IMessageSender;
  /** For anything else that shares the terminal, such as warnings of the log: it must not tear the half-typed line. */
  readonly print: (lines: readonly string[]) => void;
}

const CHANNEL = 'terminal';

/** One conversation on this machine's terminal, in which one person may sit on several seats. */
export const terminalChannel = (options: TerminalOptions): TerminalChannel => {
  const { output, newId } = options;
  let prompt: Prompt | undefined;
  let screen: Screen = emptyScreen;
  const print = (lines: readonly string[]): void => {
    if (prompt !== undefined) prompt.print(lines);
    else for (const line of lines) output.write(`${line}\n`);
  };
  const sender: IMessageSender = {
    channel: CHANNEL,
    caps: CAPS,
    deliver: async (delivery) => {
      const messageId = delivery.edits ?? newId();
      const message = { messageId, content: delivery.content, edit: delivery.edits !== undefined };
      const shown = show(screen, message, viewOf(options));
      screen = shown.screen;
      print(shown.lines);
      return { k: 'sent', messageId };
    },
    answerPress: async (_pressId, { text }) => {
      if (text !== '') print([toast(text)]);
    },
  };
  const setPrompt = (opened: Prompt): void => {
    prompt = opened;
  };
  const adapter = terminalAdapter({ options, print, setPrompt, screen: () => screen });
  return { adapter, sender, print };
};

const viewOf = ({ now, colour, timezone }: TerminalOptions): View => ({
  now: now(),
  colour,
  ...(timezone === undefined ? {} : { timezone }),
});

interface Desk {
  readonly options: TerminalOptions;
  readonly print: (lines: readonly string[]) => void;
  readonly setPrompt: (prompt: Prompt) => void;
  readonly screen: () => Screen;
}

const terminalAdapter = (desk: Desk): IChannelAdapter => {
  const { options } = desk;
  const intake = takeInOrder(desk);
  let seat = options.seat ?? FIRST_SEAT;
  let prompt: Prompt | undefined;
  let draining = false;
  const hear = (sink: InboundSink, line: string): void => {
    const typed = readTyped(line);
    if (typed.kind === 'quit') prompt?.close();
    else if (typed.kind === 'seat') seat = typed.seat;
    else {
      const inbound = inboundOf(desk, seat, typed);
      if (inbound !== undefined) intake.take(sink, inbound);
    }
  };
  return {
    channel: CHANNEL,
    start: async (sink) => {
      prompt = openPrompt({
        ...options,
        words: () => promptOf(seat),
        onLine: (line) => hear(sink, line),
        onEnd: () => {
          if (!draining) options.onQuit();
        },
      });
      desk.setPrompt(prompt);
    },
    drain: async (deadlineMs) => {
      draining = true;
      prompt?.close();
      await intake.settle(deadlineMs);
    },
    health: intake.health,
  };
};

/** What the bot has to hear of a typed line; what only the terminal has to say is said at once. */
const inboundOf = (
  { options, print, screen }: Desk,
  seat: string,
  typed: Exclude<Typed, { kind: 'quit' | 'seat' }>,
): Inbound | undefined => {
  const base = { seat, eventKey: options.newId(), sentAtMs: options.now() };
  switch (typed.kind) {
    case 'text':
      return textOf(base, typed.text);
    case 'press': {
      const button = buttonAt(screen(), typed.number);
      if (button !== undefined) return pressOf(base, button, options.buttonToken);
      print([MARGIN + noSuchButton(typed.number)]);
      return undefined;
    }
    case 'tell':
      print(typed.lines.map((line) => MARGIN + line));
      return undefined;
    case 'nothing':
      return undefined;
  }
};

/** One line after the other goes to the sink. What it does not take is told to the person, who can say it again. */
const takeInOrder = ({ options, print }: Desk) => {
  let last: Promise<void> = Promise.resolve();
  let state: ChannelHealth = { channel: CHANNEL, state: 'ok' };
  const commit = async (sink: InboundSink, inbound: Inbound): Promise<void> => {
    try {
      await sink([inbound]);
      state = { channel: CHANNEL, state: 'ok', lastHeardMs: options.now() };
    } catch (error) {
      state = { ...state, state: 'degraded', reason: 'the last line could not be stored' };
      options.observe({ kind: 'loop_faulted', loop: 'terminal-input', error });
      print([`${MARGIN}That could not be stored, so nothing happened. Say it again.`]);
    }
  };
  return {
    take: (sink: InboundSink, inbound: Inbound): void => {
      last = last.then(() => commit(sink, inbound));
    },
    settle: async (deadlineMs: number): Promise<void> => {
      const inTime = await Promise.race([
        last.then(() => true),
        sleep(deadlineMs, false, { ref: false }), // the race alone must not keep the process alive
      ]);
      if (!inTime) print([`${MARGIN}Your last line may not have been stored.`]);
    },
    health: () => state,
  };
};
