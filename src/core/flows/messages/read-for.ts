import { mayRequest } from '../../people/may.ts';
import type { Inbound } from '../../ports/channel.ts';
import { readingNote, requestLine } from '../../text/cards/advisor-words.ts';
import type { Heard, Rooms, Said } from './heard.ts';

/** A reading that is less sure of itself is a guess, and a guess is not shown. */
export const CONFIDENCE_MIN = 0.7;

const JOBS_MAX = 200;

/**
 * What an advisor makes of words that the grammar does not know. Nothing happens by it: the person is shown a line, and
 * sends or taps it, or not. Undefined when nothing was read that the grammar takes for a request of this person.
 */
export const readFor = async (
  rooms: Rooms,
  { inbound, person, at }: Heard<Extract<Inbound, { kind: 'text' }>>,
): Promise<Said | undefined> => {
  const jobs = (await rooms.store.catalog.list())
    .filter(({ spec }) => mayRequest(person, spec))
    .slice(0, JOBS_MAX)
    .map(({ key, spec }) => ({ key, title: spec.title, params: Object.keys(spec.params) }));
  if (jobs.length === 0) return undefined;
  const asker = { personId: person.id, at };
  const reading = await rooms.advice.read(asker, async () => ({ text: inbound.text, jobs }));
  if (reading === undefined || reading.confidence < CONFIDENCE_MIN) return undefined;
  const line = requestLine(rooms.parser.parse(reading.read), jobs);
  return line === undefined ? undefined : readingNote(line);
};
