import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from '../voice/io.ts';
import { Stop } from '../voice/stop.ts';

export interface AskOptions {
  /** The answers stand on stdin, one a line. */
  readonly tokenStdin: boolean;
  /** False with `--no-input`. */
  readonly input: boolean;
}

export interface Question {
  readonly words: string;
  /** A secret is not repeated on the screen. */
  readonly echo: 'shown' | 'hidden';
}

/** The answers, in the order of the questions. Never taken from the arguments, where everybody on the machine sees them. */
export const ask = async (
  io: Io,
  { tokenStdin, input }: AskOptions,
  questions: readonly Question[],
): Promise<readonly string[]> => {
  if (tokenStdin) return complete(await linesOf(io, questions.length), questions);
  const mayAsk = input && io.stdin.isTTY === true && io.stdout.isTTY === true && !io.env.CI;
  if (!mayAsk) {
    const message = `There is nobody to ask for ${wordsOf(questions)}; nothing changed.`;
    throw new Stop({ code: 'USAGE', message, hint: 'With --token-stdin it is read from stdin.' });
  }
  return complete(await answersOf(io, questions), questions);
};

const complete = (answers: readonly string[], questions: readonly Question[]): readonly string[] => {
  const missing = questions.filter((_, at) => (answers[at] ?? '') === '');
  if (missing.length === 0) return answers;
  const hint =
    questions.length === 1 ? 'It is one line.' : `Each is a line of its own: ${wordsOf(questions)}.`;
  const message = `The answer to ${wordsOf(missing)} is missing; nothing changed.`;
  throw new Stop({ code: 'USAGE', message, hint });
};

const wordsOf = (questions: readonly Question[]): string => questions.map(({ words }) => words).join(', ');

/** More than any token is long. */
const STDIN_CHARS_MAX = 16_384;

const linesOf = async ({ stdin }: Io, count: number): Promise<readonly string[]> => {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.split('\n').length > count || text.length > STDIN_CHARS_MAX) break;
  }
  return text
    .slice(0, STDIN_CHARS_MAX)
    .split('\n')
    .slice(0, count)
    .map((line) => line.trim());
};

const answersOf = async (io: Io, questions: readonly Question[]): Promise<readonly string[]> => {
  let isSecret = true;
  const screen = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isSecret) io.stderr.write(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: io.stdin, output: screen, terminal: true, historySize: 0 });
  // Raw mode would keep Ctrl-C to itself.
  lines.on('SIGINT', () => {
    lines.close();
    io.stderr.write('\n');
    process.kill(process.pid, 'SIGINT');
  });
  // Who pastes several lines at once has the next one typed before it is asked for: unseen until we know what it is.
  lines.on('line', () => {
    isSecret = true;
  });
  const typed = lines[Symbol.asyncIterator]();
  const answers: string[] = [];
  try {
    for (const { words, echo } of questions) {
      isSecret = echo === 'hidden';
      io.stderr.write(`${words}: `);
      // Ctrl-D answers nothing.
      const { value = '' } = await typed.next();
      if (echo === 'hidden') io.stderr.write('\n');
      answers.push(value.trim());
    }
  } finally {
    lines.close();
  }
  return answers;
};
