import { problemIn } from './interactions.ts';
import { interactionSchema } from './payload.ts';
import type { Received } from './wire.ts';

/** What is said about a form that cannot be taken as it is; it stays open, and nothing is stored. */
export const problemOf = ({ kind, body }: Received): object | undefined => {
  if (kind !== 'interaction') return undefined;
  const read = interactionSchema.safeParse(body).data;
  if (read === undefined || !('view' in read)) return undefined;
  const problem = problemIn(read);
  if (problem === undefined) return undefined;
  const words = 'A value cannot have both kinds of quotes. Leave out one of them.';
  return { response_action: 'errors', errors: { [problem.field]: words } };
};
