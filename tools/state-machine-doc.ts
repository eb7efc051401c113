// Writes docs/state-machine.md from the table in the code; with --check it only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { board, MOVES, TRANSITIONS } from '../src/core/runs/board.ts';
import { RUN_STATUSES } from '../src/core/runs/run.ts';

export const STATE_MACHINE_FILE = join(import.meta.dirname, '..', 'docs', 'state-machine.md');

export const stateMachineDoc = (): string =>
  [
    '# The states of a run',
    '',
    'Generated from `src/core/runs/board.ts` by `tools/state-machine-doc.ts`; a test fails when this page is old.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> Created: RunCreated',
    ...MOVES.map(({ from, to, event }) => `  ${from} --> ${to}: ${event}`),
    ...RUN_STATUSES.filter((status) => TRANSITIONS[status].length === 0).map(
      (status) => `  ${status} --> [*]`,
    ),
    '```',
    '',
    '| status | board | leads to |',
    '| --- | --- | --- |',
    ...RUN_STATUSES.map(
      (status) => `| ${status} | ${board(status)} | ${TRANSITIONS[status].join(', ') || '–'} |`,
    ),
    '',
    'An illegal step is refused in words and changes nothing. Each step is one event of the history:',
    '',
    '| from | to | event | when |',
    '| --- | --- | --- | --- |',
    ...MOVES.map(({ from, to, event, when }) => `| ${from} | ${to} | ${event} | ${when} |`),
    '',
    'These events leave the status as it is: ScheduleTriggered, PreviewRecorded, ApprovalReminded, ApprovalEscalated, ApprovalRecorded,',
    'ApprovalVoided, DenialExplained, RunResumed, RunRecovered, ExecutionProgressed, ExecutionLost, RiskFlagged, AiParseUsed. What they prepare',
    'is done by the event that follows them in the same commit.',
    '',
  ].join('\n');

const main = async (check: boolean): Promise<void> => {
  if (!check) return writeFile(STATE_MACHINE_FILE, stateMachineDoc());
  if ((await readFile(STATE_MACHINE_FILE, 'utf8')) === stateMachineDoc()) return;
  process.stderr.write('docs/state-machine.md is old: run node tools/state-machine-doc.ts\n');
  process.exitCode = 1;
};

if (process.argv[1] === import.meta.filename) await main(process.argv.includes('--check'));
