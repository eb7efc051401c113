import { databaseName, databaseUrl } from '../../config/database-url.ts';
import type { GateState } from '../../core/jobs/feature-gates.ts';
import { migrationState, phaseCounts } from '../../db/open.ts';
import { PHASES, type Phase, type PhaseNumber } from '../../db/phases.ts';
import type { CliContext } from '../context.ts';
import { assertThere, inWords } from '../database.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Stop } from '../stop.ts';

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
