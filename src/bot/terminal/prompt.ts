import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Prompt {
  /** Prints lines above what is being typed, and leaves that as it was. */
  print(lines: readonly string[]): void;
  close(): void;
}

export interface PromptOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly isTty: boolean;
  /** Asked before every line, because the seat may have changed. */
  readonly words: () => string;
  readonly onLine: (line: string) => void;
  /** Ctrl-C, Ctrl-D, the end of the input, or `close`. */
  readonly onEnd: () => void;
}

/** Reads lines. Without a terminal nobody sees what was typed, so the line is printed with its prompt instead. */
export const openPrompt = (options: PromptOptions): Prompt => {
  const { input, output, isTty, words } = options;
  const lines = createInterface({ input, output, terminal: isTty, prompt: words() });
  let open = true;
  const ask = (): void => {
    if (!open || !isTty) return;
    lines.setPrompt(words());
    lines.prompt();
  };
  lines.on('line', (line) => {
    if (!isTty) output.write(`${words()}${line}\n`);
    options.onLine(line);
    ask();
  });
  lines.on('SIGINT', () => lines.close());
  lines.on('close', () => {
    open = false;
    if (isTty) output.write('\n');
    options.onEnd();
  });
  ask();
  return {
    print: (printed) => {
      const text = printed.map((line) => `${line}\n`).join('');
      if (text === '') return;
      if (!open || !isTty) {
        output.write(text);
        return;
      }
      // A long half-typed line covers several rows; all of them are taken away and drawn again below the text.
      moveCursor(output, 0, -lines.getCursorPos().rows);
      cursorTo(output, 0);
      clearScreenDown(output);
      output.write(text);
      // readline would go up by as many rows as it drew before, into our text; we are at the beginning already.
      Reflect.set(lines, 'prevRows', 0);
      lines.prompt(true);
    },
    close: () => lines.close(),
  };
};
