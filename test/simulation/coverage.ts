import { MOVES } from '../../src/core/runs/board.ts';
import { REFUSALS } from '../../src/core/runs/refusal.ts';
import type { Counters } from './world/log.ts';
import { FAULTS } from './world/weather.ts';

/** From so many worlds on, whatever never happened in any of them is a hole in the simulation. */
export const WORLDS_FOR_COVERAGE = 500;

/** A request asks or approves in its own commit, so no stored run is ever merely created. */
const NEVER = ['move: Created → Canceled (RunCanceled)'];

/** What the laws are there for; where none of it happens, their silence means nothing. */
const SOMETIMES = [
  'message taken twice',
  'door: heard before',
  'start crossed a cancel',
  'edit: swap',
  'edit: roles',
  'edit: job',
  'edit: retire',
  'edit: restore',
  'record: CodeMade',
  'record: CodeVoided',
  'record: PersonAdmitted',
  'record: IdentityLinked',
  'record: PersonRevoked',
  'event: PreviewRecorded',
  'void: preview',
  'seen: lease_lost',
  'seen: lease_recovered',
  'seen: report_refused',
  'seen: message_duplicate',
  'seen: message_failed',
  'seen: outbox_dead',
  'seen: never_policy_used',
];

const WANTED: readonly string[] = [
  ...FAULTS.map((fault) => `fault: ${fault}`),
  ...MOVES.map(({ from, to, event }) => `move: ${from} → ${to} (${event})`),
  ...REFUSALS.map((why) => `refusal: ${why}`),
  ...SOMETIMES,
].filter((what) => !NEVER.includes(what));

/** What should have happened and never did, and what happened although it never can. */
export const holesIn = (counters: Counters): readonly string[] => [
  ...WANTED.filter((what) => !counters.has(what)).map((what) => `never reached: ${what}`),
  ...NEVER.filter((what) => counters.has(what)).map((what) => `reached, and said to be impossible: ${what}`),
];
