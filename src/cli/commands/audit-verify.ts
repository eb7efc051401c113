import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { verifyHistory } from '../verify-history.ts';

/** `textops audit verify`: whether the history is whole, unchanged, and what the runs were made from. */
export const auditVerify = async ({ voice, withStore }: CliContext): Promise<ExitCode> => {
  const { events, chains, fault } = await withStore((store) => verifyHistory(store.runs));
  if (voice.json) {
    voice.document('audit', {
      ok: fault === undefined,
      events,
      chains,
      fault: fault === undefined ? null : { chain: fault.chain, seq: fault.seq, message: fault.words },
    });
  } else if (fault === undefined) {
    voice.data(`ok: ${events} events in ${chains} chains`);
  } else {
    const where = fault.chain === 'system' ? 'chain system' : `run ${fault.chain}`;
    voice.data(`broken: ${where}, seq ${fault.seq}: ${fault.words}`);
  }
  return fault === undefined ? EXIT.done : EXIT.failed;
};
