import { databaseName, databaseUrl } from '../../config/database-url.ts';
import { boxesOf, type NotedBox, notePhase, phaseNotes } from '../../core/flows/ops/phase-notes.ts';
import type { GateState } from '../../core/jobs/feature-gates.ts';
import { isoOf } from '../../core/time/instant.ts';
import { migrationState, phaseCounts } from '../../db/open.ts';
import { PHASES, type Phase, type PhaseNumber } from '../../db/watch/phases.ts';
import { carryOut, wordsUnlessRefused } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { assertThere, inWords } from '../database.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { oneLine } from '../voice/plain-text.ts';
import { speaker } from '../voice/speaker.ts';
import { Stop } from '../voice/stop.ts';

/** `textops phase report N`: what one phase of the queue brought, what is in it, and what of it is switched on. */
export const phaseReport = async (context: CliContext, number: PhaseNumber): Promise<ExitCode> => {
  const { voice } = context;
  const phase: Phase = PHASES[number];
  const counts = await countsOf(context, phase);
  const states = await context.withStore((store) => store.gates.list());
  const rowsOf = (names: readonly string[]) => names.map((name) => ({ name, rows: counts[name] ?? 0 }));
  const report = {
    phase: Number(number),
    title: phase.title,
    tables: rowsOf(phase.tables),
    views: rowsOf(phase.views),
    operations: Object.entries(phase.operations).map(([name, gate]) => ({
      name,
      gate,
      refused: !isOpen(states, gate),
    })),
    gates: phase.gates.map((name) => ({ name, open: isOpen(states, name) })),
  };
  if (voice.json) voice.document('phase', report);
  else {
    voice.table(['KIND', 'NAME', 'NOW'], linesOf(report));
    voice.talk(sizesOf(report));
  }
  return EXIT.done;
};

const countsOf = async ({ settings }: CliContext, phase: Phase) => {
  const { database } = settings();
  assertThere(database);
  const url = databaseUrl(database);
  const { pending } = await inWords(database, () => migrationState(url));
  if (pending.length === 0) return inWords(database, () => phaseCounts(url, phase));
  const message = `${databaseName(database)} lacks ${pending.join(', ')}; run textops migrate.`;
  throw new Stop({ code: 'REFUSED', message });
};

/** `textops phase status N`: the seven boxes of one phase, who ticked them, and what they said. */
export const phaseStatus = async (context: CliContext, number: PhaseNumber): Promise<ExitCode> => {
  const { voice, settings, withStore } = context;
  const { database } = settings();
  assertThere(database);
  const schema = await inWords(database, () => migrationState(databaseUrl(database)));
  const { title, goal, migrations }: Phase = PHASES[number];
  const pending = migrations.filter((name) => !schema.applied.includes(name));
  // A database that is behind is not opened for anything else.
  const behind = schema.pending.length > 0;
  const notes = behind ? [] : await withStore((store) => phaseNotes(store, Number(number)));
  const warnings = behind ? ['What people have said is read again after textops migrate.'] : [];
  const boxes = boxesOf({ goal, pending }, notes);
  const done = boxes.filter((one) => one.done).length;
  if (voice.json) {
    const dated = boxes.map((one) => ({
      ...one,
      notes: one.notes.map((note) => ({ ...note, at: isoOf(note.at) })),
    }));
    voice.document('phase-status', { phase: Number(number), title, done, boxes: dated }, warnings);
  } else {
    voice.table(
      ['BOX', 'DONE', 'BY', 'WORDS'],
      boxes.map(({ box, done: isDone, notes: said, words }) => [
        box,
        isDone ? 'yes' : 'no',
        [...new Set(said.map(({ by }) => by))].join(', '),
        oneLine(words),
      ]),
    );
    voice.talk([`Phase ${number}, ${title}: ${done} of ${boxes.length} boxes.`, ...warnings].join('\n'));
  }
  return EXIT.done;
};

/** `textops phase note N BOX WORDS`: one of the boxes that somebody has to tick, on record. */
export const phaseNote = async (
  context: CliContext,
  wanted: { readonly number: PhaseNumber; readonly box: NotedBox; readonly note: string },
  { as }: { readonly as?: string },
): Promise<ExitCode> => {
  const { voice, withStore } = context;
  const words = await withStore(async (store) => {
    const by = { ...(await speaker(store, as)), named: as !== undefined };
    const phase = Number(wanted.number);
    const noted = await carryOut(store, notePhase(by, { phase, box: wanted.box, note: wanted.note }));
    return wordsUnlessRefused(store, noted);
  });
  if (voice.json) voice.document('phase-note', { phase: Number(wanted.number), box: wanted.box });
  else voice.data(words);
  return EXIT.done;
};

const isOpen = (states: readonly GateState[], gate: string): boolean =>
  states.some(({ name, open }) => name === gate && open);

interface Report {
  readonly phase: number;
  readonly title: string;
  readonly tables: readonly Counted[];
  readonly views: readonly Counted[];
  readonly operations: readonly { readonly name: string; readonly gate: string; readonly refused: boolean }[];
  readonly gates: readonly { readonly name: string; readonly open: boolean }[];
}

interface Counted {
  readonly name: string;
  readonly rows: number;
}

const linesOf = ({ tables, views, operations, gates }: Report): readonly (readonly string[])[] => [
  ...tables.map(({ name, rows }) => ['table', name, `${rows} rows`]),
  ...views.map(({ name, rows }) => ['view', name, `${rows} rows`]),
  ...operations.map(({ name, gate, refused }) => [
    'operation',
    name,
    refused ? `refused by ${gate}` : 'works',
  ]),
  ...gates.map(({ name, open }) => ['gate', name, open ? 'open' : 'closed']),
];

const sizesOf = ({ phase, title, tables, views, operations, gates }: Report): string =>
  `Phase ${phase}, ${title}: ${tables.length} tables, ${views.length} views, ` +
  `${operations.length} operations behind gates, ${gates.length} ${gates.length === 1 ? 'gate' : 'gates'}.`;
