import { printableLine } from '../core/text/printable.ts';
import { zonedFormat } from '../core/time/zoned-format.ts';
import type { LogRecord } from './record.ts';

/** `14:02:41 info  run K7M2QX approved by user:telegram:123`: one line for a person who looks on. */
export const prettyLine = (record: LogRecord, timezone?: string): string => {
  const { level, time } = record;
  const clock = clockOf(timezone).format(new Date(time));
  return `${clock} ${level.padEnd(5)} ${wordsOf(record)}\n`;
};

const clockOf = zonedFormat('sv-SE', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The message and, in parentheses, what went wrong: `… (Error ECONNREFUSED: connect)`. */
export const wordsOf = ({ msg, err }: Pick<LogRecord, 'msg' | 'err'>): string =>
  oneLine(err === null ? msg : `${msg} (${[err.type, err.code].filter(Boolean).join(' ')}: ${err.message})`);

/** What people and jobs wrote must not move the cursor, colour the screen or look like a second line of ours. */
const oneLine = (text: string): string => printableLine(text.replaceAll(/\r?\n/g, '\\n'));
