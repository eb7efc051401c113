import { Stop } from '../voice/stop.ts';
import type { Voice } from '../voice/voice.ts';
import { passes } from './gate.ts';
import { broughtAt, type Entry, note, readLedger } from './ledger.ts';
import { whoAmI } from './lock.ts';
import { askStanding, tellBegin, tellEnd } from './news.ts';
import { ofRelease } from './of-release.ts';
import { currentId, type Place, switchTo } from './place.ts';
import type { Runner } from './runner.ts';
import { type Outcome, provesItself } from './self-test.ts';

export interface Change {
  readonly place: Place;
  readonly runner: Runner;
  readonly voice: Voice;
  /** Where the instance answers on this machine. */
  readonly url: string;
  readonly gateMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly action: Entry['action'];
  readonly to: string;
  readonly configHash: string | null;
  /** What is done as soon as the release says that it would start here, while the old one still runs. */
  readonly prepare?: () => Promise<void>;
}

/**
 * Brings the installation to a release that is unpacked already: deploying and rolling back are the same steps. The old one has ended
 * before the new one starts, so that a bot never has two pollers; what is written to it meanwhile waits at its provider. A release that
 * does not pass its gate is left again, for the one that ran before.
 */
export const changeTo = async (change: Change): Promise<Entry> => {
  const { place, voice, to, action, configHash, now } = change;
  const began = performance.now();
  const from = currentId(place) ?? null;
  const who = whoAmI();
  const settle = async ({ result, reason, stood }: Settled): Promise<Entry> => {
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const at = new Date(now()).toISOString();
    const settled = { at, who, action, from, to, result, reason, seconds, configHash };
    const entry: Entry = stood === undefined ? settled : { ...settled, stood };
    await note(place.ledger, entry);
    return entry;
  };
  const refusal = await unfit(place, to);
  if (refusal !== undefined) {
    for (const line of refusal) voice.talk(line);
    return settle({ result: 'refused', reason: refusal.at(-1) ?? 'its preflight says no' });
  }
  await change.prepare?.();
  const stood = from === null ? undefined : await standingOf(place, from, now());
  // Beside the way there, which it must not hold up.
  const begun = tellBegin(place, { at: new Date(now()).toISOString(), action, from, to, who });
  const entry = await settle({ ...(await walk(change, from)), ...(stood === undefined ? {} : { stood }) });
  await begun;
  const untold = await tellEnd(place, entry);
  if (untold !== undefined) voice.talk(`Nobody was told of it: ${untold}`);
  return entry;
};

type Settled = Pick<Entry, 'result' | 'reason' | 'stood'>;

/** There, and back again where that is needed. */
const walk = async (change: Change, from: string | null): Promise<Settled> => {
  const { voice, runner, to } = change;
  const { trouble, remark } = await bring(change, to);
  if (trouble === undefined) return { result: 'healthy', reason: remark ?? null };
  voice.talk(`${to} does not serve: ${trouble}. Its last lines:`);
  for (const line of await runner.lines(LAST_LINES)) voice.talk(`  ${line}`);
  if (from === null || from === to) return { result: 'failed', reason: trouble };
  voice.talk(`Back to ${from}.`);
  const { trouble: worse } = await bring(change, from);
  return worse === undefined
    ? { result: 'returned', reason: trouble }
    : { result: 'failed', reason: `${trouble}; ${worse}` };
};

/** Before it is stopped, because only a release that fits the database can look at it. */
const standingOf = async (place: Place, id: string, now: number): Promise<Entry['stood']> => {
  const since = broughtAt(await readLedger(place.ledger), id);
  if (since === undefined) return undefined;
  return now - Date.parse(since) < LOOKED_MS ? 'too_short' : askStanding(place, id, since);
};

/** Incidents are looked for four times a minute; whoever is left sooner has none on record. */
const LOOKED_MS = 60_000;

const LAST_LINES = 30;

/** Stops what runs, switches, starts, and waits at the gate. */
const bring = async ({ place, runner, url, gateMs, voice }: Change, id: string): Promise<Outcome> => {
  voice.talk('Stopping what runs…');
  await runner.stop();
  switchTo(place, id);
  voice.talk(`Starting ${id}…`);
  try {
    await runner.start();
  } catch (error) {
    if (error instanceof Stop) return { trouble: error.message };
    throw error;
  }
  const began = performance.now();
  const lacking = await passes({ runner, url, withinMs: gateMs });
  if (lacking !== undefined) return { trouble: lacking };
  const left = gateMs - (performance.now() - began);
  return provesItself(place, id, Math.max(SELF_TEST_MS_MIN, left));
};

/** Whoever was ready in the last moment is not left for that. */
const SELF_TEST_MS_MIN = 10_000;

/** What the release itself says about this machine, configuration and database; undefined when it would start. */
const unfit = async (place: Place, id: string): Promise<readonly string[] | undefined> => {
  const answered = await ofRelease(place, id, ['preflight', '--offline']);
  return answered.code === 0 ? undefined : answered.lines;
};
