import { PassThrough } from 'node:stream';

/** A terminal of glass: what a person would see after everything that was written to it. */
export const glass = (columns = 80) => {
  const stream = Object.assign(new PassThrough(), { columns, rows: 50 });
  let written = '';
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString('utf8');
  });
  return {
    stream,
    raw: () => written,
    rows: () => interpret(written, columns),
  };
};

const interpret = (written: string, columns: number): readonly string[] => {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  const line = (): string[] => (rows[row] ??= []);
  const put = (character: string): void => {
    // A real terminal goes to the next row only when something has to stand there.
    if (column === columns) {
      row += 1;
      column = 0;
    }
    while (line().length < column) line().push(' ');
    line()[column] = character;
    column += 1;
  };
  const order = (count: number, letter: string): void => {
    switch (letter) {
      case 'A':
        row = Math.max(0, row - count);
        return;
      case 'B':
        row += count;
        return;
      case 'C':
        column += count;
        return;
      case 'D':
        column = Math.max(0, column - count);
        return;
      case 'G':
        column = count - 1;
        return;
      case 'J':
        line().length = Math.min(line().length, column);
        rows.length = row + 1;
        return;
      default:
        throw new Error(`the glass does not know ESC[${count}${letter}`);
    }
  };
  for (const [token, count, letter] of written.matchAll(/\u001B\[(\d*)([A-Za-z])|[\s\S]/gu)) {
    if (letter !== undefined) order(Number(count === '' ? (letter === 'J' ? 0 : 1) : count), letter);
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row += 1;
      column = 0;
      line();
    } else put(token);
  }
  return Array.from(rows, (cells) => (cells ?? []).join('').trimEnd());
};
