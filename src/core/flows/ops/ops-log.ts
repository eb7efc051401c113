import { holdsRole } from '../../people/may.ts';
import { noRight } from '../../people/refused.ts';
import type { ILogReader, LogLine } from '../../ports/log.ts';
import { readRunId } from '../../runs/run-id.ts';
import type { Line } from '../../text/cards/rich.ts';
import { quoted } from '../../text/cards/run-words.ts';
import { clock } from '../../text/cards/say.ts';
import { lookedAt } from '../messages/find-target.ts';
import type { Heard, Rooms, Said } from '../messages/heard.ts';

const COUNT = 20;
/** What fits into one message. */
const COUNT_MAX = 50;
const WORDS_MAX = 160;

/** `/ops log [ID]`, `/log 20`: what this process has told of itself, or of one run. */
export const logAnswer = async (rooms: Rooms, heard: Heard, about: string | undefined): Promise<Said> => {
  const { log } = rooms.house;
  if (log === undefined) return { lines: [['There is no log here. On its machine: textops logs']] };
  if (about === undefined || /^\d{1,4}$/.test(about)) return newestOfAll(log, heard, Number(about ?? COUNT));
  const runId = readRunId(about.replace(/^#/, ''));
  if (runId === undefined) {
    return { lines: [[`${quoted(about)} is neither a number nor a run. Try: /ops log, or /log 20`]] };
  }
  const found = await lookedAt(rooms, heard.person, runId);
  if (!('run' in found)) return found;
  const lines = await log.newest({ count: COUNT, runId });
  const none = `Nothing about ${runId} in the log of this process.`;
  return { lines: lines.length === 0 ? [[none]] : lines.map(lineOf), runId };
};

/** It names people and chats of everybody, so it is for whoever may see everything, and for nobody who reads along. */
const newestOfAll = async (log: ILogReader, { person, inbound }: Heard, count: number): Promise<Said> => {
  if (!holdsRole(person, 'owner') && !holdsRole(person, 'viewer')) {
    const words = 'Only an owner or a viewer reads the log. Of a run that you may see: /ops log ID';
    return { lines: [[words]], refusal: noRight('role_needed') };
  }
  if (inbound.chat === 'group') {
    const words = 'The log names people and chats, so ask for it in a private chat with me.';
    return { lines: [[words]], refusal: noRight('private_only') };
  }
  if (count < 1 || count > COUNT_MAX)
    return { lines: [[`From 1 to ${COUNT_MAX} lines. Try: /log ${COUNT}`]] };
  const lines = await log.newest({ count });
  return { lines: lines.length === 0 ? [['The log is empty.']] : lines.map(lineOf) };
};

const lineOf = ({ at, level, words }: LogLine): Line => [
  clock(at),
  ` ${level} ${words.length > WORDS_MAX ? `${words.slice(0, WORDS_MAX)}…` : words}`,
];
