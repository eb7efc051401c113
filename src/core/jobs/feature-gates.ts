/** What can be switched on and off while the program runs, in the order in which it may be opened. */
export interface GateSpec {
  /** Gates that have to be open before this one. */
  readonly needs: readonly GateName[];
  /** What is allowed while it is open. */
  readonly words: string;
  /** Present on gates that stand for a number. It is a setting of everybody, so two owners have to want the same one. */
  readonly value?: { readonly min: number; readonly max: number };
}

const attempts = (kind: string): GateSpec => ({
  needs: ['queue.retry.enabled'],
  words: `a run of a ${kind} job has at most so many attempts, whatever the job says`,
  value: { min: 1, max: 20 },
});

export type GateName =
  | 'queue.job_substrate.enabled'
  | 'queue.retry.enabled'
  | 'queue.lease_reaper.enabled'
  | 'queue.notify.bridge_enabled'
  | `queue.retry.max_attempts.${'command' | 'http' | 'demo'}`;

export const GATES: Readonly<Record<GateName, GateSpec>> = {
  'queue.job_substrate.enabled': { needs: [], words: 'runs enter the queue, and workers claim them' },
  'queue.retry.enabled': {
    needs: ['queue.job_substrate.enabled'],
    words: 'a failed or lost attempt may be followed by another one',
  },
  'queue.lease_reaper.enabled': {
    needs: ['queue.job_substrate.enabled'],
    words: 'runs are taken back from workers whose lease ran out',
  },
  'queue.notify.bridge_enabled': {
    needs: ['queue.job_substrate.enabled'],
    words: 'PostgreSQL wakes other processes at once; polling goes on beneath',
  },
  'queue.retry.max_attempts.command': attempts('command'),
  'queue.retry.max_attempts.http': attempts('http'),
  'queue.retry.max_attempts.demo': attempts('demo'),
};

export const isGateName = (name: string): name is GateName => Object.hasOwn(GATES, name);

export const GATE_NAMES: readonly GateName[] = Object.keys(GATES).filter(isGateName);

/** A gate as the installation has it. */
export interface GateState {
  readonly name: GateName;
  readonly open: boolean;
  readonly value?: number;
  /** Who switched it last; absent as long as nobody did. */
  readonly by?: string;
  readonly at?: number;
  /** What one owner wants and another one has not confirmed. */
  readonly proposed?: GateProposal;
}

export interface GateProposal {
  readonly value: number;
  readonly personId: string;
  /** The actor as the history names it. */
  readonly by: string;
  readonly at: number;
}

export type GateRefusal =
  | { readonly why: 'unknown_gate' }
  | { readonly why: 'owner_needed' }
  | { readonly why: 'gate_needs_others'; readonly missing: readonly GateName[] }
  | { readonly why: 'value_needed'; readonly min: number; readonly max: number }
  | { readonly why: 'second_owner_needed' }
  | { readonly why: 'no_change' };

export interface Flip {
  readonly name: GateName;
  readonly open: boolean;
  readonly value?: number;
  readonly personId: string;
  readonly at: number;
}

/** `propose`: it needs a second owner, and this is the first. */
export type FlipVerdict =
  | { readonly kind: 'flip' | 'propose' }
  | ({ readonly kind: 'refused' } & GateRefusal);

/** A proposal that nobody confirmed within a day is forgotten. */
const PROPOSAL_MS = 24 * 60 * 60_000;

/** Whether a gate may be switched as things stand. Closing is always possible: it is the way back. */
export const judgeFlip = (states: readonly GateState[], wanted: Flip): FlipVerdict => {
  const refusal = refusalOf(states, wanted);
  if (refusal !== undefined) return { kind: 'refused', ...refusal };
  if (!wanted.open || GATES[wanted.name].value === undefined) return { kind: 'flip' };
  const proposed = states.find(({ name }) => name === wanted.name)?.proposed;
  if (proposed === undefined || proposed.value !== wanted.value || wanted.at - proposed.at > PROPOSAL_MS)
    return { kind: 'propose' };
  return proposed.personId === wanted.personId
    ? { kind: 'refused', why: 'second_owner_needed' }
    : { kind: 'flip' };
};

const refusalOf = (states: readonly GateState[], { name, open, value }: Flip): GateRefusal | undefined => {
  const spec = GATES[name];
  const now = states.find((state) => state.name === name);
  if (open && spec.value !== undefined) {
    const { min, max } = spec.value;
    if (value === undefined || value < min || value > max) return { why: 'value_needed', min, max };
  }
  if ((now?.open ?? false) === open && (!open || now?.value === value)) return { why: 'no_change' };
  if (!open) return undefined;
  const missing = spec.needs.filter((need) => states.find((state) => state.name === need)?.open !== true);
  return missing.length > 0 ? { why: 'gate_needs_others', missing } : undefined;
};
