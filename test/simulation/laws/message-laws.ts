import type { Delivery } from '../../../src/core/ports/channel.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import type { Draft } from '../../../src/core/text/grammar/draft.ts';
import type { Verb } from '../people/mouth.ts';
import type { Chats } from '../world/chats.ts';
import type { Program, World } from '../world/world.ts';
import {
  behindSince,
  type Closed,
  type Happening,
  type Mirror,
  mayDecide,
  personsSince,
  signer,
} from './mirror.ts';
import type { OutboxRow, PersonRow } from './reading.ts';

const VERBS: Partial<Readonly<Record<RunEvent['type'], Verb>>> = {
  RunCreated: 'run',
  ApprovalRecorded: 'approve',
  RunApproved: 'approve',
  RunDenied: 'deny',
  ExecutionFailed: 'deny',
  RunCanceled: 'cancel',
  RunResumed: 'resume',
  RunRecovered: 'recover',
  ExecutionLost: 'recover',
};

/**
 * S13, S14: whatever a person did to a run was said by that person, about that run as it was shown, in a message that this
 * very transaction closed; and one message does one thing.
 */
export const messageBehind = (
  mirror: Mirror,
  { event, run, before, closed }: Omit<Happening, 'behind' | 'after'>,
): Closed | undefined => {
  const who = signer(event.actor);
  if (who === undefined) return undefined;
  const verb = VERBS[event.type];
  const found = closed.find(
    (one) =>
      one.said.identity === who &&
      one.said.means.verb === verb &&
      isAbout(mirror, one, { event, run, before }),
  );
  if (found === undefined)
    mirror.world.breaks('S13', `nobody said what ${who} did: ${event.type} of ${run.runId}`);
  else takeEffect(mirror, found, `${event.type} of ${run.runId}`);
  return found;
};

const takeEffect = ({ world, done }: Mirror, { said, row }: Closed, effect: string): void => {
  const earlier = done.get(said);
  if (earlier !== undefined)
    world.breaks('S13', `message ${row.event_key} did ${earlier}, and now ${effect}`);
  done.set(said, effect);
};

const BARE_MS = 10 * 60_000;

const isAbout = (
  mirror: Mirror,
  { said, row }: Closed,
  { event, run, before }: Pick<Happening, 'event' | 'run' | 'before'>,
): boolean => {
  const { means, address, isPress, messageId, sentAtMs } = said;
  if (event.type === 'RunCreated') {
    const { origin } = event.payload;
    return (
      mirror.world.home(origin.address) === mirror.world.home(address) &&
      (messageId === undefined || origin.messageId === messageId)
    );
  }
  if (before.status === 'absent') return false;
  if (isPress) {
    const { bound } = means;
    return means.runId === run.runId && bound?.epoch === before.epoch && bound.digest === before.digest;
  }
  const asked = before.status === 'AwaitingApproval' ? before.askedAt : 0;
  if (means.verb === 'approve' && sentAtMs > 0 && sentAtMs + 999 < asked) return false;
  if (means.runId !== undefined) return means.runId === run.runId;
  const here = mirror.world.home(before.origin.address) === mirror.world.home(address);
  return here && event.at - asked < BARE_MS && !hasOther(mirror, { said, row }, run.runId);
};

/** Whether another run waited here for this person all the time that the bare answer was being handled. */
const hasOther = (mirror: Mirror, { said, row }: Closed, runId: string): boolean => {
  const since = mirror.storedAt.get(row.id) ?? 0;
  return [...mirror.runs.values()].some((other) => {
    const { state, spec } = other;
    if (other.runId === runId || state.status !== 'AwaitingApproval') return false;
    const elsewhere = mirror.world.home(state.origin.address) !== mirror.world.home(said.address);
    if (elsewhere || (mirror.askedAt.get(other.runId) ?? 0) >= since) return false;
    const persons = personsSince(mirror, said.identity, since);
    const { requester } = state;
    const asked = (person: PersonRow): boolean =>
      requester.kind === 'person' &&
      (person.id === requester.personId ||
        personsSince(mirror, requester.identity, since).some(({ id }) => id === person.id));
    return persons.every((person) => mayDecide(person, spec) && !asked(person));
  });
};

/** Records of the installation are signed by people for what they said. */
export const checkRecord = (mirror: Mirror, actor: string, type: string, closed: readonly Closed[]): void => {
  const who = signer(actor);
  if (who === undefined) return;
  const found = closed.find(({ said }) => said.identity === who && !mirror.done.has(said));
  if (found === undefined) mirror.world.breaks('S13', `nobody said what ${who} did: ${type}`);
  else takeEffect(mirror, found, type);
};

/** S23: one answer to everything that deserves one; a request is answered by the card of its run. */
export const checkAnswer = (mirror: Mirror, { row, said }: Closed): void => {
  const { world, reading, done } = mirror;
  const { means, isPress, identity } = said;
  if (isPress || row.channel !== 'telegram' || means.verb === 'nothing') return;
  const replies = reading.keys(`reply:telegram:bot:${row.event_key}`);
  const cards = done.get(said)?.startsWith('RunCreated') === true ? 1 : 0;
  const behind = behindSince(mirror, identity, mirror.storedAt.get(row.id) ?? 0);
  const isStranger = behind.includes(undefined);
  // Whoever came or went meanwhile was answered as the one or the other.
  if (isStranger && behind.some((person) => person !== undefined)) return;
  if (replies + cards !== (isStranger ? 0 : 1))
    world.breaks('S23', `message ${row.event_key} has ${replies + cards} answers`);
  if (isStranger) checkStranger(mirror, said);
};

/** Who is unknown hears one sentence in an hour, in private; the hour may have ended since. */
const checkStranger = ({ world, reading }: Mirror, { identity, address }: Closed['said']): void => {
  // By the clock of the database, which may have jumped since. Of help they hear once a minute, under a key of its own.
  const told = (key: string, spanMs: number): readonly number[] => {
    const spans = [world.wall(), world.clock()].map((at) => Math.floor(at / spanMs));
    const looked = new Set(spans.flatMap((span) => [span - 1, span]));
    return [...looked].map((span) => reading.keys(`${key}:${identity}:${span}`));
  };
  const counts = [...told('stranger', 3_600_000), ...told('stranger-help', 60_000)];
  const isGroup = address.includes(':-');
  if (counts.some((count) => count > 1) || (!isGroup && counts.every((count) => count === 0)))
    world.breaks('S23', `${identity} is unknown and was told ${counts.join(' and ')} times`);
};

/** That Telegram takes something, as a message or as an edit of one, from this program. */
export interface Taken {
  readonly delivery: Delivery;
  readonly kind: 'new' | 'edit';
  readonly by: Program;
}

/** S20, S22: only what was committed goes out, as it was committed, and nothing overtakes within a conversation. */
export const checkTaken = (mirror: Mirror, chats: Chats, taken: Taken): void => {
  const { world, reading } = mirror;
  const { key, address, content } = taken.delivery;
  const row = reading.outgoing(key, address);
  if (row === undefined)
    return world.breaks('S20', `${key} was sent to ${address} and is nowhere in the outbox`);
  const { state, ambiguous, draft } = row;
  // A sender that was held up may still be at it when another one has taken the row over or passed over it.
  if (state === 'open' || (state !== 'sending' && ambiguous === 0 && !wasHeldUp(world, taken.by))) {
    world.breaks('S20', `${key} was sent while ${state}`);
  }
  const committed = JSON.parse(draft) as Pick<Draft, 'content' | 'secret'>;
  // A code that was said is kept nowhere; a copy that was on its way already says what the first one said.
  const isSpent = committed.secret === true && (state === 'sent' || state === 'dead');
  const words = isSpent ? chats.takings(key, address)[0]?.content : committed.content;
  if (JSON.stringify(words ?? content) !== JSON.stringify(content)) {
    world.breaks('S20', `${key} was sent with other words than were committed`);
  }
  if (state === 'sending' && reading.olderThan(row) > 0) {
    world.breaks('S22', `${key} overtook something in ${address}`);
  }
  if (taken.kind === 'new') checkTwice(mirror, chats, row, taken.by);
};

/** S21: a second copy only after an answer that may have been lost, and that is on record. */
const checkTwice = ({ world, reading }: Mirror, chats: Chats, row: OutboxRow, by: Program): void => {
  const earlier = chats.takings(row.key, row.address);
  const last = earlier.at(-1);
  if (last === undefined) return;
  world.counts('message taken twice');
  const { heard, program, at } = last;
  const excused = !heard || program.state === 'dead' || program.troubledAt >= at || wasHeldUp(world, by);
  if (!excused) world.breaks('S21', `${row.key} was sent again although its sender had heard of it`);
  if (row.ambiguous < earlier.length && reading.replays(row.id) === 0) {
    const recorded = `${row.ambiguous} ambiguous sends are on record`;
    world.breaks('S21', `${row.key} was taken ${earlier.length + 1} times, and ${recorded}`);
  }
};

/** Whoever comes back after so long may have been replaced meanwhile. */
const HELD_UP_MS = 60_000;

const wasHeldUp = ({ time }: World, { troubledAt }: Program): boolean => troubledAt > time.now() - HELD_UP_MS;
