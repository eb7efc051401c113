/**
 * Hands lines on once per turn of the event loop, many of them in one piece: under load a write for every line would be a tenth of the
 * work. A fault is handed on at once with all before it, and so is what is left when the process ends; only a kill in
 * the middle of a turn can take lines with it, and what they told is in the history.
 */
export const perTurn = (write: (lines: string) => void): ((line: string) => void) => {
  let lines = '';
  const flush = (): void => {
    if (lines === '') return;
    const all = lines;
    lines = '';
    write(all);
  };
  process.once('exit', flush);
  return (line) => {
    if (lines === '') setImmediate(flush);
    lines += line;
    if (GRAVE.test(line)) flush();
  };
};

const GRAVE = /^\{"level":"(?:error|fatal)"/;
