/** Terminal sequences: colours, cursor movements, titles. */
const ESCAPES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;

/** What a job wrote, line by line as a person would read it: no colours, no progress lines, nothing empty. */
export const outputLines = (text: string): readonly string[] =>
  text
    .replaceAll(ESCAPES, '')
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('::progress'));

const TAIL_LINES_MAX = 10;
const TAIL_CHARACTERS_MAX = 900;

/** The end of an output as a phone shows it: at most ten lines and 900 characters. */
export const tailForChat = (lines: readonly string[]): readonly string[] => {
  const kept: string[] = [];
  let room = TAIL_CHARACTERS_MAX;
  for (const line of lines.slice(-TAIL_LINES_MAX).toReversed()) {
    if (line.length + 1 > room && kept.length > 0) break;
    kept.unshift(line.slice(0, room));
    room -= line.length + 1;
  }
  return kept;
};
