/**
 * Reads along what a client says to PostgreSQL and tells the text of every statement that it runs: simple ones, and prepared
 * ones each time that they are executed.
 */
export const statementReader = (tell: (text: string) => void): ((bytes: Buffer) => void) => {
  const prepared = new Map<string, string>();
  let portal = '';
  let rest = Buffer.alloc(0);
  let greeted = false;
  const hear = (type: string, body: Buffer): void => {
    const [first, second] = words(body);
    if (type === 'Q') tell(first);
    if (type === 'P') prepared.set(first, second);
    if (type === 'B') portal = prepared.get(second) ?? '';
    if (type === 'E') tell(portal);
  };
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      // The greeting alone has no letter before its length.
      const at = greeted ? 1 : 0;
      if (rest.length < at + 4) return;
      const end = at + rest.readUInt32BE(at);
      if (rest.length < end) return;
      if (greeted) hear(String.fromCharCode(rest[0] ?? 0), rest.subarray(at + 4, end));
      greeted = true;
      rest = rest.subarray(end);
    }
  };
};

/** The first two words of a message, each ended by a zero. */
const words = (body: Buffer): readonly [string, string] => {
  const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
  return [first, second];
};
