/** As much of an output as somebody watches while it is written. */
export interface LiveOutput {
  add(line: string): void;
  /** The newest whole lines, and how many characters there were in all. */
  read(): { readonly text: string; readonly written: number };
}

const LINES_MAX = 300;
const LINE_CHARACTERS_MAX = 2000;
const CHARACTERS_MAX = 32 * 1024;

export const liveOutput = (): LiveOutput => {
  let lines: string[] = [];
  let written = 0;
  return {
    add: (line) => {
      written += line.length + 1;
      lines.push(line.slice(0, LINE_CHARACTERS_MAX));
      // Cut now and then, so that a line costs the same however many there are.
      if (lines.length > 2 * LINES_MAX) lines = lines.slice(-LINES_MAX);
    },
    read: () => ({ text: `${lines.slice(-LINES_MAX).join('\n')}\n`.slice(-CHARACTERS_MAX), written }),
  };
};
