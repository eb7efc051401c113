import { holdsRole, maySee, maySteer } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import { noRight } from '../../people/refused.ts';
import type { DeadLetter } from '../../runs/dead-letter.ts';
import type { LiveRun } from '../../runs/run.ts';
import { explain, noRun } from '../../text/cards/say.ts';
import {
  dropped,
  hindered,
  letterLines,
  letterName,
  noLetter,
  readLetterName,
  replayed,
  severalLetters,
} from '../../text/ops/letter-words.ts';
import type { Rooms, Said } from '../messages/heard.ts';
import { type Amendment, no } from '../runs/amend.ts';
import { confirmation, recoverCommand } from '../runs/steer-run.ts';

const LIST_MAX = 100;

/** Open dead letters, newest first, as far as this person may know of them. */
export const visibleLetters = async (
  { store }: Pick<Rooms, 'store'>,
  person: Person,
): Promise<readonly DeadLetter[]> => {
  const letters = await store.deadLetters.list(LIST_MAX);
  const runs = await store.runs.find(
    letters.flatMap(({ kind, runId }) => (kind === 'job' && runId !== undefined ? [runId] : [])),
  );
  return letters.filter((letter) => isVisible(letter, person, runs.get(letter.runId ?? '')?.state));
};

/** A message may be anybody's, so it is for operators; a run is for those who may know of it anyway. */
const isVisible = ({ kind }: DeadLetter, person: Person, run: LiveRun | undefined): boolean =>
  kind === 'job'
    ? run !== undefined && maySee(person, run)
    : holdsRole(person, 'operator') || holdsRole(person, 'viewer');

export const lettersAnswer = async (rooms: Pick<Rooms, 'store'>, person: Person): Promise<Said> => ({
  lines: letterLines(await visibleLetters(rooms, person)),
});

export interface ByPerson {
  readonly kind: 'person';
  readonly person: Person;
  readonly identity: string;
}

export type FoundLetter =
  | { readonly letter: DeadLetter; readonly run?: LiveRun }
  | { readonly refused: string; readonly said: Said };

/** The open letter that a word names, for somebody who may do something about it. */
export const findLetter = async (
  { store }: Pick<Rooms, 'store'>,
  person: Person,
  word: string,
): Promise<FoundLetter> => {
  const name = readLetterName(word);
  const found = name === undefined ? [] : await store.deadLetters.find(name.id);
  const meant = found.filter(({ kind }) => name?.kind === undefined || kind === name.kind);
  const [letter] = meant;
  if (letter === undefined) return no('unknown_dead_letter', noLetter(word));
  if (meant.length > 1) return no('several_dead_letters', severalLetters(meant));
  if (letter.kind !== 'job') {
    return holdsRole(person, 'operator') ? { letter } : no('operator_needed', OPERATORS_ONLY);
  }
  const run = (await store.runs.find([letter.about])).get(letter.about)?.state;
  if (run === undefined) return no('unknown_dead_letter', noLetter(word));
  if (!maySee(person, run)) return no('unknown_dead_letter', noLetter(word), noRight('may_not_see'));
  const asked = run.requester.kind === 'person' ? run.requester.personId : undefined;
  return maySteer(person, run, asked)
    ? { letter, run }
    : no('may_not_steer', `You may not do that with ${letterName(letter)}. Nothing changed.`);
};

const OPERATORS_ONLY = 'Only operators and owners handle the dead letters of messages. Nothing changed.';

/** A message once more; it needs no decision, because whatever it leads to has its own. */
export const replayMessage =
  (rooms: Pick<Rooms, 'store'>, by: Omit<ByPerson, 'kind'>, word: string) => async (): Promise<Amendment> => {
    const found = await findLetter(rooms, by.person, word);
    if (!('letter' in found)) return found;
    const { letter } = found;
    if (letter.kind === 'job') throw new Error(`${word} is a run and needs a decision`);
    if (letter.hindrance !== undefined) return no(letter.hindrance, hindered(letter));
    const { kind, id, about } = letter;
    const actor = `user:${by.identity}`;
    return {
      said: { lines: [[replayed(letter)]] },
      records: [{ type: 'MessageReplayed', actor, payload: { kind, id, about } }],
      upkeep: [{ kind: 'letter', letter: { kind, id }, to: 'again', by: actor }],
    };
  };

/** Giving up for good takes a reason. The row stays. */
export const dropLetter =
  (rooms: Pick<Rooms, 'store'>, by: Omit<ByPerson, 'kind'>, word: string, reason: string) =>
  async (): Promise<Amendment> => {
    const found = await findLetter(rooms, by.person, word);
    if (!('letter' in found)) return found;
    const { letter } = found;
    const why = reason.trim().slice(0, REASON_MAX);
    if (why === '') return no('reason_needed', `Why? /deadletters drop ${letterName(letter)} REASON`);
    const { kind, id, about } = letter;
    const actor = `user:${by.identity}`;
    return {
      said: { lines: [[dropped(letter, why)]] },
      records: [{ type: 'DeadLetterDropped', actor, payload: { kind, id, about, reason: why } }],
      upkeep: [{ kind: 'letter', letter: { kind, id }, to: 'dropped', by: actor, reason: why }],
    };
  };

const REASON_MAX = 500;

/** A run once more: `recover`, so it asks again and starts nothing by itself. For doors that no conversation stands behind. */
export const replayRun = async (
  rooms: Rooms,
  by: ByPerson,
  run: LiveRun,
): Promise<{ readonly said: Said; readonly refused?: string }> => {
  const at = await rooms.store.now();
  const { runId } = run;
  const executed = await rooms.orchestrator.execute({
    runId,
    command: (state) => recoverCommand(rooms, state.status === 'absent' ? run : state, by, at),
  });
  if (executed.outcome !== 'committed')
    throw new Error(`recovering ${runId} was answered ${executed.outcome}`);
  const { decision, after } = executed;
  if (after.status === 'absent') return no('unknown_run', noRun(runId));
  if (decision.ok) return { said: { lines: [confirmation('RecoverRun', after)], runId } };
  return { refused: decision.refusal.why, said: { lines: [explain(decision.refusal, after)], runId } };
};
