import {
  GATE_NAMES,
  GATES,
  type GateName,
  type GateState,
  isGateName,
  judgeFlip,
} from '../../jobs/feature-gates.ts';
import type { Person } from '../../people/person.ts';
import type { Store } from '../../ports/store.ts';
import type { RetryLeave } from '../../runs/command.ts';
import type { LiveRun, RunState } from '../../runs/run.ts';
import { nearest } from '../../text/grammar/nearest.ts';
import { gateLines, gateRefusal, gateWords, proposalWords } from '../../text/ops/gate-words.ts';
import type { Said } from '../messages/heard.ts';
import { type Amendment, amend } from '../runs/amend.ts';
import { jobOf } from '../runs/job-of.ts';

export const gatesAnswer = async (store: Pick<Store, 'gates'>): Promise<Said> => ({
  lines: gateLines(await store.gates.list()),
});

export interface FlipOrder {
  readonly name: string;
  readonly open: boolean;
  readonly value?: number;
  readonly by: { readonly person: Pick<Person, 'id' | 'name' | 'roles'>; readonly identity: string };
}

/** Switching a gate is an owner's act and leaves a record of who and when; for a number it takes two of them. */
export const flipGate =
  (store: Pick<Store, 'gates' | 'now'>, { name, open, value, by }: FlipOrder) =>
  async (): Promise<Amendment> => {
    const { person, identity } = by;
    if (!person.roles.includes('owner')) return refused(gateRefusal({ why: 'owner_needed' }));
    if (!isGateName(name)) return refused(gateRefusal({ why: 'unknown_gate' }, name, nearGate(name)));
    const counted = GATES[name].value !== undefined && open && value !== undefined ? { value } : {};
    const at = await store.now();
    const verdict = judgeFlip(await store.gates.list(), { name, open, ...counted, personId: person.id, at });
    if (verdict.kind === 'refused') return refused(gateRefusal(verdict, name));
    const actor = `user:${identity}`;
    if (verdict.kind === 'propose')
      return proposed({ name, value: value ?? 0, personId: person.id, by: actor }, person.name);
    return {
      said: { lines: [[gateWords({ name, open, ...counted }, person.name)]] },
      records: [{ type: open ? 'GateOpened' : 'GateClosed', actor, payload: { gate: name, ...counted } }],
      upkeep: [{ kind: 'gate', name, open, ...counted, by: actor }],
    };
  };

const proposed = (
  proposal: {
    readonly name: GateName;
    readonly value: number;
    readonly personId: string;
    readonly by: string;
  },
  who: string,
): Amendment => {
  const { name, value, by } = proposal;
  return {
    said: { lines: [[proposalWords({ name, value }, who)]] },
    records: [{ type: 'GateProposed', actor: by, payload: { gate: name, value } }],
    upkeep: [{ kind: 'gate_proposed', ...proposal }],
  };
};

const nearGate = (name: string): string | undefined => nearest(name, GATE_NAMES)[0];

const refused = ({ why, words }: { readonly why: string; readonly words: string }): Amendment => ({
  said: { lines: [[words]] },
  refused: why,
});

/** Puts into the history what the installation opened; once, by the first program that starts on it. */
export const recordInstalledGates = async (store: Pick<Store, 'now' | 'runs' | 'gates'>): Promise<void> => {
  await amend(store, async () => {
    const owed = await store.gates.unrecorded();
    return {
      said: { lines: [] },
      records: owed.map(({ name, by }) => ({ type: 'GateOpened', actor: by, payload: { gate: name } })),
      upkeep: owed.length === 0 ? [] : [{ kind: 'gates_recorded', names: owed.map(({ name }) => name) }],
    };
  });
};

type Gates = Pick<Store['gates'], 'find'>;

export const isOpen = async (gates: Gates, name: GateName): Promise<boolean> => (await gates.find(name)).open;

/** What the gates leave a run of further attempts. */
export const retryLeave = async (
  rooms: { readonly store: Pick<Store, 'gates' | 'catalog'> },
  state: RunState,
): Promise<RetryLeave> => {
  const { gates } = rooms.store;
  if (!(await isOpen(gates, 'queue.retry.enabled'))) return { allowed: false };
  const limits = await Promise.all(ATTEMPTS.map((name) => gates.find(name)));
  if (state.status === 'absent' || limits.every((limit) => !limit.open)) return { allowed: true };
  const attemptsMax = (await limitFor(rooms, state, limits))?.value;
  return { allowed: true, ...(attemptsMax === undefined ? {} : { attemptsMax }) };
};

const ATTEMPTS = GATE_NAMES.filter((name) => name.startsWith('queue.retry.max_attempts.'));

const limitFor = async (
  rooms: { readonly store: Pick<Store, 'catalog'> },
  run: LiveRun,
  limits: readonly GateState[],
): Promise<GateState | undefined> => {
  const kind = (await jobOf(rooms, run))?.spec.target.kind;
  return limits.find(({ name, open }) => open && name === `queue.retry.max_attempts.${kind ?? ''}`);
};
