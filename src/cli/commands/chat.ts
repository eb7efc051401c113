import { createInterface } from 'node:readline';
import { isLeaving, LEAVE_WORDS } from '../../bot/terminal/session.ts';
import { SEATS } from '../../core/people/may.ts';
import type { CliContext } from '../context.ts';
import { type DevDoor, openDevDoor } from '../dev-door.ts';
import { ownAddress } from '../own-address.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { harmless } from '../voice/plain-text.ts';

export interface ChatOptions {
  readonly as: string;
  readonly conversation: string;
}

/** `textops chat`: a terminal as a channel, against an instance that runs somewhere on this machine. */
export const chat = async (context: CliContext, options: ChatOptions): Promise<ExitCode> => {
  const { voice, settings } = context;
  const server = context.flags.server ?? ownAddress(settings().http);
  const shown = new Set<string>();
  const show = ({ key, body }: { readonly key: string; readonly body: string }): void => {
    // An answer comes back with the request and once more to whoever listens.
    if (shown.has(key)) return;
    shown.add(key);
    voice.data(harmless(body));
  };
  const door = await openDevDoor({ server, conversation: options.conversation, onMessage: show });
  voice.talk(`Connected to ${server}. Seats: ${Object.keys(SEATS).join(', ')} (:as bob). :quit ends.`);
  try {
    await converse(context, door, options.as, show);
    return EXIT.done;
  } finally {
    await door.close();
  }
};

const converse = async (
  { io, voice }: CliContext,
  door: DevDoor,
  first: string,
  show: (message: { readonly key: string; readonly body: string }) => void,
): Promise<void> => {
  const interactive = io.stdin.isTTY === true && io.stdout.isTTY === true;
  const lines = createInterface({ input: io.stdin, terminal: false });
  io.signal?.addEventListener('abort', () => lines.close(), { once: true });
  const prompt = (seat: string): void => {
    if (interactive) io.stderr.write(`${seat}> `);
  };
  let seat = first;
  prompt(seat);
  for await (const line of lines) {
    const text = line.trim();
    if (text === ':quit') break;
    if (text.startsWith(':')) {
      seat = takeSeat(text, seat, voice.talk);
    } else if (isLeaving(text)) {
      voice.talk(LEAVE_WORDS);
    } else if (/^\d{1,2}$/.test(text)) {
      voice.talk(NUMBER_WORDS);
    } else if (text !== '') {
      for (const message of await door.say(seat, text)) show(message);
    }
    prompt(seat);
  }
};

/** The dev door is plain: its messages have no buttons to press. */
const NUMBER_WORDS =
  'Numbers press buttons only in the terminal of textops start itself; here type for example: yes ABC123';

const takeSeat = (text: string, seat: string, say: (words: string) => void): string => {
  const name = /^:as\s+(\S{1,64})$/.exec(text)?.[1];
  say(name === undefined ? 'Commands: :as NAME, :quit' : `You are ${name} now.`);
  return name ?? seat;
};
