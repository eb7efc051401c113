import { mayDecide } from '../../people/may.ts';
import type { LiveRun } from '../../runs/run.ts';
import { wholeOf } from '../../text/cards/brief.ts';
import { needsId } from '../../text/cards/say.ts';
import { nearest } from '../../text/grammar/nearest.ts';
import { choicesText, noSuchRunText } from '../../text/sms/text-answers.ts';
import { byName, canAnswer, type Steering, type Target, WORD } from './find-target.ts';
import type { Heard, Rooms, Text } from './heard.ts';

/** On a telephone an id is part of every answer: carriers have an idea of their own of a lone yes. */
export const findTextTarget = async (rooms: Rooms, heard: Heard<Text>, intent: Steering): Promise<Target> => {
  const named = await byName(rooms, heard, intent);
  if (named?.kind === 'run') return named;
  const verb = VERBS[intent.type];
  if (verb === undefined) {
    // The carrier takes a cancel for itself.
    const word = intent.type === 'CancelRun' ? 'drop' : WORD[intent.type];
    return named ?? { kind: 'say', said: { lines: [[needsId(word)]] } };
  }
  // "No problem, later" is talk.
  if (intent.type === 'DenyRun' && named === undefined && intent.reason !== undefined)
    return { kind: 'silent' };
  const waiting = await waitingFor(rooms, heard, verb);
  if (named?.kind !== 'say') {
    const brief = choicesText(waiting, verb);
    return { kind: 'say', said: { lines: [[wholeOf(brief)]], brief } };
  }
  const word = wordOf(intent);
  const ids = waiting.map(({ runId }) => runId);
  const [near] = nearest(word, ids, 1);
  const brief = noSuchRunText(
    word,
    verb,
    waiting.find(({ runId }) => runId === near),
  );
  return { kind: 'say', said: { ...named.said, lines: [[wholeOf(brief)]], brief } };
};

const VERBS: Partial<Readonly<Record<Steering['type'], 'YES' | 'NO'>>> = { ApproveRun: 'YES', DenyRun: 'NO' };

/** More runs than this wait for nobody in particular. */
const LOOKED_AT_MAX = 50;

/** What somebody could decide here, oldest first; a heavy run cannot be approved here. */
const waitingFor = async (
  { store }: Rooms,
  { person }: Heard<Text>,
  verb: 'YES' | 'NO',
): Promise<readonly LiveRun[]> => {
  const { runs } = await store.runs.list({ status: ['AwaitingApproval'], limit: LOOKED_AT_MAX });
  return runs
    .map(({ state }) => state)
    .filter((run) => mayDecide(person, run) && canAnswer(person, run) && (verb === 'NO' || !run.heavy))
    .toReversed();
};

const wordOf = ({ run }: Steering): string =>
  run.kind === 'id' ? run.runId : run.kind === 'bare' ? '' : run.word.toUpperCase();
