import type { Rooms } from '../../core/flows/messages/heard.ts';
import {
  dropLetter,
  findLetter,
  replayMessage,
  replayRun,
  visibleLetters,
} from '../../core/flows/ops/dead-letters.ts';
import type { Amendment } from '../../core/flows/runs/amend.ts';
import { letterName } from '../../core/text/ops/letter-words.ts';
import { isoOf } from '../../core/time/instant.ts';
import { letterView } from '../../web/api/letter-view.ts';
import { carryOut, wordsUnlessRefused } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { oneLine } from '../voice/plain-text.ts';
import { type Speaker, speaker } from '../voice/speaker.ts';
import { withRooms } from '../with-rooms.ts';

export interface LetterOptions {
  readonly as?: string;
}

/** `textops dead-letters`: what was given up on and not dealt with yet. */
export const deadLetters = async (
  { voice, withStore }: CliContext,
  options: LetterOptions,
): Promise<ExitCode> => {
  const letters = await withStore(async (store) =>
    visibleLetters({ store }, (await speaker(store, options.as)).person),
  );
  if (voice.json) voice.document('dead-letters', letters.map(letterView));
  else if (letters.length === 0) voice.data('No dead letters.');
  else {
    voice.table(
      ['ID', 'KIND', 'ABOUT', 'RUN', 'SINCE', 'ERROR'],
      letters.map((letter) => [
        letterName(letter),
        letter.kind,
        letter.about,
        letter.runId ?? '',
        isoOf(letter.at),
        oneLine(letter.error),
      ]),
    );
  }
  return EXIT.done;
};

type Done = Pick<Amendment, 'said' | 'refused'>;

/** `textops dead-letters show ID`. */
export const showLetter = (context: CliContext, id: string, options: LetterOptions): Promise<ExitCode> =>
  handle(context, options, async (rooms, { person }) => {
    const found = await findLetter(rooms, person, id);
    if (!('letter' in found)) return found;
    const view = letterView(found.letter);
    if (context.voice.json) context.voice.document('dead-letter', view);
    else {
      const rows = Object.entries(view).map(([name, value]) => [name, oneLine(String(value ?? ''))] as const);
      context.voice.table(['FIELD', 'VALUE'], rows);
    }
    return undefined;
  });

/** `textops dead-letters replay ID`: a message once more; a run asks again and starts nothing by itself. */
export const replayLetter = (context: CliContext, id: string, options: LetterOptions): Promise<ExitCode> =>
  handle(context, options, async (rooms, by) => {
    const found = await findLetter(rooms, by.person, id);
    if ('letter' in found && found.run !== undefined) return replayRun(rooms, by, found.run);
    return carryOut(rooms.store, replayMessage(rooms, by, id));
  });

/** `textops dead-letters drop ID REASON`. */
export const dropLetterFor = (
  context: CliContext,
  id: string,
  reason: string,
  options: LetterOptions,
): Promise<ExitCode> =>
  handle(context, options, (rooms, by) => carryOut(rooms.store, dropLetter(rooms, by, id, reason)));

const handle = async (
  context: CliContext,
  { as }: LetterOptions,
  work: (rooms: Rooms, by: Speaker) => Promise<Done | undefined>,
): Promise<ExitCode> => {
  const words = await withRooms(context, async (rooms) => {
    const done = await work(rooms, await speaker(rooms.store, as));
    return done && wordsUnlessRefused(rooms.store, done, 'unknown_dead_letter');
  });
  if (words === undefined) return EXIT.done;
  if (context.voice.json) context.voice.document('dead-letter', { said: words });
  else context.voice.data(words);
  return EXIT.done;
};
