import { GATES, type GateRefusal, type GateState } from '../../jobs/feature-gates.ts';
import type { Line } from '../cards/rich.ts';
import { quoted } from '../cards/run-words.ts';
import { clock } from '../cards/say.ts';

/** `/gates`: which are open, who said so and when. */
export const gateLines = (states: readonly GateState[]): readonly Line[] => [
  [`${states.filter(({ open }) => open).length} of ${states.length} gates are open`],
  ...states.map(gateLine),
  ['An owner switches: /gates open NAME, /gates close NAME'],
];

const gateLine = (state: GateState): Line => {
  const first = `${state.open ? '🟢 open  ' : '⚪ closed'} ${state.name}${valueOf(state)}`;
  const since: Line =
    state.at === undefined || state.by === undefined ? [] : [` · ${state.by} `, clock(state.at)];
  const { proposed } = state;
  const wanted: Line =
    proposed === undefined ? [] : [` · ${proposed.value} proposed by ${proposed.by} `, clock(proposed.at)];
  return [first, ...since, ...wanted];
};

const valueOf = ({ open, value }: Pick<GateState, 'open' | 'value'>): string =>
  open && value !== undefined ? ` = ${value}` : '';

export const gateWords = (flip: Pick<GateState, 'name' | 'open' | 'value'>, who: string): string =>
  flip.open
    ? `${flip.name}${valueOf(flip)} is open now, by ${who}: ${GATES[flip.name].words}.`
    : `${flip.name} is closed now, by ${who}. Not any more: ${GATES[flip.name].words}.`;

export const proposalWords = ({ name, value }: Pick<GateState, 'name' | 'value'>, who: string): string =>
  `${name} = ${value} is proposed by ${who}. Another owner confirms it within a day: /gates open ${name} ${value}`;

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
    case 'second_owner_needed':
      return `You proposed that yourself; ${name} needs a second owner. Nothing changed.`;
    case 'no_change':
      return `${name} is that already. Nothing changed.`;
  }
};
