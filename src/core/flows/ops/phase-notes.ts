import { holdsRole } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import type { Store } from '../../ports/store.ts';
import type { Instant } from '../../time/instant.ts';
import { type Amendment, no } from '../runs/amend.ts';

/** What has to be there before a phase counts as done, in this order. */
export const PHASE_BOXES = [
  'goal',
  'review',
  'approval',
  'ratified',
  'applied',
  'verification',
  'report',
] as const;
export type PhaseBox = (typeof PHASE_BOXES)[number];

/** Those that somebody has to say; the goal stands in the program, and what is applied the database knows. */
export const NOTED_BOXES = ['review', 'approval', 'ratified', 'verification', 'report'] as const;
export type NotedBox = (typeof NOTED_BOXES)[number];

export interface PhaseNote {
  readonly box: NotedBox;
  readonly by: string;
  readonly at: Instant;
  readonly note: string;
}

export interface BoxState {
  readonly box: PhaseBox;
  readonly done: boolean;
  /** All who said so, the oldest first. */
  readonly notes: readonly Omit<PhaseNote, 'box'>[];
  readonly words: string;
}

const NOTE_MAX = 500;
const TYPE = 'PhaseNoted';

/** Puts into the history of the installation that somebody has done one of these things, and what came of it. */
export const notePhase =
  (
    by: { readonly person: Person; readonly identity: string; readonly named: boolean },
    { phase, box, note }: { readonly phase: number; readonly box: NotedBox; readonly note: string },
  ) =>
  async (): Promise<Amendment> => {
    const words = note.trim().slice(0, NOTE_MAX);
    if (words === '') return no('note_needed', 'What came of it? Everybody will read it.');
    if (!by.named) return no('person_needed', 'That is somebody’s word: add --as PERSON.');
    if (box === 'approval' && !holdsRole(by.person, 'owner'))
      return no('owner_needed', 'Only an owner approves a phase. Nothing changed.');
    const actor = `user:${by.identity}`;
    return {
      said: { lines: [[`Phase ${phase}: ${box} is on record.`]] },
      records: [{ type: TYPE, actor, payload: { phase, box, note: words } }],
    };
  };

export const phaseNotes = async (
  { runs }: Pick<Store, 'runs'>,
  phase: number,
): Promise<readonly PhaseNote[]> => {
  const records = await runs.history('system');
  return records
    .filter(({ type }) => type === TYPE)
    .flatMap(({ payload, actor, at }) => {
      // Our own record; whoever changed it is found out by its hash.
      const noted = payload as { readonly phase: number; readonly box: NotedBox; readonly note: string };
      return noted.phase === phase ? [{ box: noted.box, by: actor, at, note: noted.note }] : [];
    });
};

/** The seven boxes of one phase. A review is independent when somebody else than who approves has made it. */
export const boxesOf = (
  { goal, pending }: { readonly goal: string; readonly pending: readonly string[] },
  notes: readonly PhaseNote[],
): readonly BoxState[] => {
  const approvers = new Set(notes.filter(({ box }) => box === 'approval').map(({ by }) => by));
  return PHASE_BOXES.map((box): BoxState => {
    if (box === 'goal') return { box, done: true, notes: [], words: goal };
    if (box === 'applied') {
      const words = pending.length === 0 ? 'every migration of it is applied' : `lacks ${pending.join(', ')}`;
      return { box, done: pending.length === 0, notes: [], words };
    }
    const said = notes.filter((one) => one.box === box).map(({ by, at, note }) => ({ by, at, note }));
    const counting = box === 'review' ? said.filter(({ by }) => !approvers.has(by)) : said;
    const newest = said.at(-1)?.note;
    const own = said.length > 0 && counting.length === 0;
    return {
      box,
      done: counting.length > 0,
      notes: said,
      words: own ? 'only by who approved; somebody else has to look' : (newest ?? 'nobody has said so'),
    };
  });
};
