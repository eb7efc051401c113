import { z } from 'zod';
import {
  type ByPerson,
  dropLetter,
  type FoundLetter,
  findLetter,
  replayMessage,
  replayRun,
  visibleLetters,
} from '../../core/flows/ops/dead-letters.ts';
import { type Amendment, amend } from '../../core/flows/runs/amend.ts';
import type { DeadLetter } from '../../core/runs/dead-letter.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { askerOf } from '../access/asker.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import type { Route, WebContext, WebDeps } from '../web-deps.ts';
import { mustBe } from './body-words.ts';
import { letterView } from './letter-view.ts';
import { readBody } from './read-json.ts';

export const letterRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'GET', path: '/dead-letters', access: 'letters.read', handle: listLetters(deps) },
  { method: 'POST', path: '/dead-letters/:id/replay', access: 'letters.write', handle: replay(deps) },
  { method: 'POST', path: '/dead-letters/:id/drop', access: 'letters.write', handle: drop(deps) },
];

const listLetters =
  ({ rooms }: WebDeps) =>
  async (c: WebContext) => {
    const { person } = await askerOf({ rooms }, c);
    return c.json({ deadLetters: (await visibleLetters(rooms, person)).map(letterView) });
  };

const replay = (deps: WebDeps) => async (c: WebContext) => {
  const { rooms } = deps;
  const { by, word, found } = await named(deps, c);
  return found.run === undefined
    ? answered(c, found.letter, await amended(deps, replayMessage(rooms, by, word)))
    : answered(c, found.letter, await replayRun(rooms, by, found.run));
};

const Reason = z.strictObject({
  reason: z
    .string({ error: ({ input }) => mustBe('text', input) })
    .trim()
    .min(1)
    .max(500),
});

const drop = (deps: WebDeps) => async (c: WebContext) => {
  const { reason } = await readBody(c, Reason);
  const { by, word, found } = await named(deps, c);
  return answered(c, found.letter, await amended(deps, dropLetter(deps.rooms, by, word, reason)));
};

/** The letter of the path, for a caller who may do something about it. */
const named = async (deps: WebDeps, c: WebContext) => {
  const { person, from } = await askerOf(deps, c);
  const by: ByPerson = { kind: 'person', person, identity: from.identity };
  const word = (c.req.param('id') ?? '').slice(0, 40);
  return { by, word, found: orProblem(await findLetter(deps.rooms, person, word)) };
};

const orProblem = (found: FoundLetter): Extract<FoundLetter, { letter: unknown }> => {
  if ('letter' in found) return found;
  const words = plainLines(found.said.lines).join(' ');
  if (found.refused === 'unknown_dead_letter') {
    const isThere = found.said.refusal !== undefined;
    throw new ProblemError(404, 'unknown_dead_letter', words, isThere ? HIDDEN : {});
  }
  if (found.refused === 'several_dead_letters') throw new ProblemError(409, 'several_dead_letters', words);
  throw new ProblemError(403, 'may_not_handle_dead_letter', words);
};

const amended = async ({ rooms }: WebDeps, judge: () => Promise<Amendment>): Promise<Amendment> => {
  const done = await amend(rooms.store, judge);
  if (done === 'seen_before') throw new Error('a call was taken for a repeated message');
  return done;
};

const answered = (
  c: WebContext,
  letter: DeadLetter,
  { said, refused }: Pick<Amendment, 'said' | 'refused'>,
): Response => {
  const words = plainLines(said.lines).join(' ');
  if (refused !== undefined) throw new ProblemError(409, 'dead_letter_stays', words, { refused });
  return c.json({ deadLetter: letterView(letter), said: words });
};
