import { flipGate } from '../../core/flows/ops/feature-gates.ts';
import type { GateState } from '../../core/jobs/feature-gates.ts';
import type { Store } from '../../core/ports/store.ts';
import { isoOf } from '../../core/time/instant.ts';
import { carryOut, wordsUnlessRefused } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { speaker } from '../voice/speaker.ts';
import { Stop } from '../voice/stop.ts';

/** `textops gates`: what is switched on, by whom and since when. */
export const gates = async ({ voice, withStore }: CliContext): Promise<ExitCode> => {
  const states = await withStore((store) => store.gates.list());
  if (voice.json) voice.document('gates', states.map(gateView));
  else {
    voice.table(
      ['GATE', 'STATE', 'VALUE', 'BY', 'SINCE'],
      states.map(({ name, open, value, by = '', at }) => [
        name,
        open ? 'open' : 'closed',
        value === undefined ? '' : String(value),
        by,
        at === undefined ? '' : isoOf(at),
      ]),
    );
  }
  return EXIT.done;
};

const gateView = ({ name, open, value, by, at }: GateState) => ({
  name,
  open,
  value: value ?? null,
  by: by ?? null,
  at: at === undefined ? null : isoOf(at),
});

export interface FlipOptions {
  /** The name once more, so that nothing is switched by a line from the history of a shell. */
  readonly yes?: string;
  readonly as?: string;
}

/** `textops gates open|close NAME`. */
export const flip = async (
  { voice, withStore }: CliContext,
  wanted: { readonly name: string; readonly open: boolean; readonly value?: number },
  options: FlipOptions,
): Promise<ExitCode> => {
  const { name } = wanted;
  if (options.yes !== name) {
    const hint = `Repeat it with --yes ${name}`;
    throw new Stop({ code: 'USAGE', message: `This switches ${name} for everybody.`, hint });
  }
  const { done, words } = await withStore(async (store: Store) => {
    const flipped = await carryOut(
      store,
      flipGate(store, { ...wanted, by: await speaker(store, options.as) }),
    );
    return { done: flipped, words: await wordsUnlessRefused(store, flipped) };
  });
  const proposed = done.upkeep?.some(({ kind }) => kind === 'gate_proposed') === true;
  if (voice.json) voice.document('gate', { name, open: wanted.open, value: wanted.value ?? null, proposed });
  else voice.data(words);
  return EXIT.done;
};
