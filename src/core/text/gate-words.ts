import { GATES, type GateRefusal, type GateState } from '../jobs/feature-gates.ts';
import type { Line } from './rich.ts';
import { quoted } from './run-words.ts';
import { clock } from './say.ts';

/** `/gates`: which are open, who said so and when. */
export const gateLines = (states: readonly GateState[]): readonly Line[] => [
  [`${states.filter(({ open }) => open).length} of ${states.length} gates are open`],
  ...states.map(gateLine),
  ['An owner switches: /gates open NAME, /gates close NAME'],
];

const gateLine = (state: GateState): Line => {
  const first = `${state.open ? '🟢 open  ' : '⚪ closed'} ${state.name}${valueOf(state)}`;
  return state.at === undefined || state.by === undefined
    ? [first]
    : [`${first} · ${state.by} `, clock(state.at)];
};

const valueOf = ({ open, value }: Pick<GateState, 'open' | 'value'>): string =>
  open && value !== undefined ? ` = ${value}` : '';

export const gateWords = (flip: Pick<GateState, 'name' | 'open' | 'value'>, who: string): string =>
  flip.open
    ? `${flip.name}${valueOf(flip)} is open now, by ${who}: ${GATES[flip.name].words}.`
    : `${flip.name} is closed now, by ${who}. Not any more: ${GATES[flip.name].words}.`;

/** Why a gate stays as it is. */
export const gateRefusal = (
  refusal: GateRefusal,
  name = '',
  near?: string,
): { readonly why: GateRefusal['why']; readonly words: string } => ({
  why: refusal.why,
  words: wordsOf(refusal, name, near),
});

const wordsOf = (refusal: GateRefusal, name: string, near: string | undefined): string => {
  switch (refusal.why) {
    case 'owner_needed':
      return 'Only an owner switches gates. Nothing changed.';
    case 'unknown_gate':
      return `No gate called ${quoted(name)}.${near === undefined ? ' See /gates' : ` Did you mean ${near}?`}`;
    case 'gate_needs_others':
      return `${name} stays closed: it needs ${refusal.missing.join(', ')} first.`;
    case 'value_needed':
      return `${name} takes a whole number from ${refusal.min} to ${refusal.max}. Nothing changed.`;
    case 'no_change':
      return `${name} is that already. Nothing changed.`;
  }
};
