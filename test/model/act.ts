import type { Town } from '../flows/town.ts';
import type { Attempt, Hand } from '../flows/worker.ts';
import { filesOf, listed, peopleOf } from './cast.ts';
import { kindOf } from './kinds.ts';
import { LEASE, type Move, type Steer } from './world.ts';

/** What somebody was told on the spot: a flash above a button, or a worker's answer. */
export interface Done {
  readonly told?: string;
  /** The run that a worker came back with. */
  readonly got?: number;
}

/** How the moves of the reference are made in a town: messages, presses, a worker's calls, the loops. */
export const actor = (town: Town) => {
  const ids: string[] = [];
  /** What an approval of that run and epoch approves. */
  const digests = new Map<string, string>();
  const claims: Claim[] = [];
  let newest: (() => Promise<unknown>) | undefined;
  let messages = 0;
  const says = async (chat: string, who: string, text: string, sentAtMs?: number): Promise<Done> => {
    messages += 1;
    const more = { eventKey: `m${messages}`, ...(sentAtMs === undefined ? {} : { sentAtMs }) };
    const say = () => town.chat(chat).says(who, text, more);
    newest = say;
    const handled = await say();
    if (handled?.intent === 'RunJob' && handled.runId !== undefined) ids.push(handled.runId);
    return {};
  };
  const steers = async (move: Steer): Promise<Done> => {
    const { chat, who, verb, run, button, sentAt } = move;
    const runId = run === undefined ? '' : (ids[run] ?? '');
    if (button === undefined) return says(chat, who, `${verb} ${runId}`.trim(), sentAt);
    const bound = { epoch: button, digest: digests.get(`${runId} ${button}`) ?? '' };
    const action = { label: verb, verb: BUTTONS[verb], runId, bound };
    return { told: kindOf(await town.chat(chat).presses(who, { action, messageId: '1' })) };
  };
  const claim = async (): Promise<Done> => {
    const hand = town.worker(`w${claims.length}`);
    const claimed = await hand.claims();
    if (claimed === undefined) return {};
    const { runId } = claimed.entry;
    const older = claims.filter((one) => one.claimed.entry.runId === runId);
    const grows = older.every((one) => one.claimed.fence < claimed.fence);
    if (!grows) throw new Error(`${runId} was given the fence ${claimed.fence} again`);
    claims.push({ hand, claimed });
    return { got: ids.indexOf(runId) };
  };
  const act = async (move: Move): Promise<Done> => {
    switch (move.do) {
      case 'ask':
        return says(move.chat, move.who, `run ${move.job}`);
      case 'steer':
        return steers(move);
      case 'again':
        await newest?.();
        return {};
      case 'claim':
        return claim();
      case 'house':
        await town.keepsHouse();
        return {};
      case 'change':
        await change(town, move.to);
        return {};
      case 'begin':
      case 'beat':
      case 'finish': {
        const held = claims[move.lease];
        return held === undefined ? { told: 'nothing' } : works(town, held, move);
      }
    }
  };
  return { act, ids, digests };
};

const BUTTONS = { yes: 'ap', no: 'dn', resume: 'rs', cancel: 'cx', recover: 'rc' } as const;

interface Claim {
  readonly hand: Hand;
  readonly claimed: NonNullable<Awaited<ReturnType<Hand['claims']>>>;
  /** Once a start was tried. */
  attempt?: Attempt;
}

const works = async (
  town: Town,
  claim: Claim,
  move: Extract<Move, { readonly lease: number }>,
): Promise<Done> => {
  const { hand, claimed } = claim;
  if (move.do === 'begin') {
    const attempt = await hand.begins(claimed);
    claim.attempt ??= attempt;
    return { told: attempt.start.kind };
  }
  if (move.do === 'beat') {
    const held = [{ runId: claimed.entry.runId, fence: claimed.fence }];
    const beat = { workerId: `w${move.lease}`, held, at: town.now(), leaseMs: LEASE };
    const { lost } = await town.store.queue.beat(beat);
    return { told: lost.length === 0 ? 'held' : 'nothing' };
  }
  // Nobody reports what they did not try to start.
  if (claim.attempt === undefined) return { told: 'nothing' };
  if (move.how === 'ok') return { told: await claim.attempt.succeeds() };
  const reason = move.how === 'failed' ? 'exit' : 'interrupted';
  return { told: await claim.attempt.fails('broken', { reason }) };
};

const change = async (town: Town, to: Extract<Move, { do: 'change' }>['to']): Promise<void> => {
  if (to.at !== undefined) town.passes(to.at - town.now());
  if (to.beatAt !== undefined) await town.worker('heart').beats();
  if (to.people !== undefined) await town.admits(peopleOf(to.people));
  if (to.jobs !== undefined) await town.lists(listed(to.jobs));
  if (to.files !== undefined) town.swaps(filesOf(to.files));
};
