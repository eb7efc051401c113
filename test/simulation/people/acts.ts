import type { Disqualified } from '../../../src/core/ports/channel.ts';
import { NOBODY } from '../time/virtual-time.ts';
import type { Button, Chats } from '../world/chats.ts';
import type { World } from '../world/world.ts';
import { CATALOG } from './catalog.ts';
import { LOOK, type Meaning, type Mouth, NOTHING, type Verb } from './mouth.ts';
import { GROUP, NAMES, type Name, privateChat } from './residents.ts';

export interface Scene {
  readonly world: World;
  readonly chats: Chats;
  readonly mouth: Mouth;
  /** Every run so far, oldest first, with what became of it. */
  readonly runs: () => readonly Seen[];
}

/** What people know of a run. */
export interface Seen {
  readonly runId: string;
  /** Absent as long as nobody knows what it is. */
  readonly jobKey?: string;
  readonly status: string;
  /** Who has approved it so far. */
  readonly voters: readonly string[];
  /** It asks because nobody knows how an attempt ended. */
  readonly isLost: boolean;
  /** When it will be too late for the next step, by the clock of the database. */
  readonly dueAt?: number;
}

/** Somebody asks for something, here or there, rightly or not. */
export const asks = ({ world, mouth }: Scene): void => {
  const dice = world.dice.people;
  const who = dice.weighted<Name>([
    [6, 'ana'],
    [4, 'fay'],
    [1, 'bob'],
    [1, 'olga'],
    [0.5, 'eve'],
    [0.3, 'zed'],
  ]);
  // Every town has something that it does most, so that it also comes across what is rare about it.
  const favourite = CATALOG[world.weather.seed % CATALOG.length];
  const jobKey = (dice.chance(0.4) ? favourite : dice.pick(CATALOG))?.key ?? 'backup';
  const text = dice.weighted([
    [6, `run ${jobKey}`],
    [3, `/run ${jobKey} to=copy-${dice.below(3)}`],
    [0.5, `run ${jobKey}x`],
    [0.5, `run ${jobKey} from=here`],
  ]);
  mouth.says(who, chatOf(world, who), text, { verb: 'run', jobKey });
};

const chatOf = ({ dice }: World, who: Name): string => (dice.people.chance(0.65) ? GROUP : privateChat(who));

const DECIDERS: readonly (readonly [number, Name])[] = [
  [6, 'bob'],
  [5, 'cho'],
  [4, 'dan'],
  [3, 'fay'],
  [1, 'ana'],
  [1, 'olga'],
  [0.3, 'eve'],
  [0.3, 'vic'],
  [0.2, 'zed'],
];

const STEERERS: readonly (readonly [number, Name])[] = [
  [6, 'ana'],
  [4, 'fay'],
  [2, 'bob'],
  [1, 'olga'],
  [0.5, 'eve'],
  [0.6, 'vic'],
];

/** Somebody decides about a run: by a button, an old one perhaps, or in words. */
export const decides = (scene: Scene): void => {
  const dice = scene.world.dice.people;
  const verb = dice.chance(0.86) ? 'approve' : 'deny';
  act(scene, verb, dice.weighted(DECIDERS));
};

/** Somebody gives up what was lost, or has it started again. */
export const buries = (scene: Scene): void => {
  const dice = scene.world.dice.people;
  const runId = dice.pick(scene.runs().filter(({ isLost }) => isLost))?.runId;
  inWords(scene, dice.chance(0.7) ? 'deny' : 'approve', dice.weighted(DECIDERS), runId);
};

/** Somebody starts, ends or revives a run. */
export const steers = (scene: Scene, verb: 'resume' | 'cancel' | 'recover'): void =>
  act(scene, verb, scene.world.dice.people.weighted(STEERERS));

const LETTERS: Readonly<Record<Steering, string>> = {
  approve: 'ap',
  deny: 'dn',
  cancel: 'cx',
  resume: 'rs',
  recover: 'rc',
};

export const act = (scene: Scene, verb: Steering, who: Name): void => {
  const dice = scene.world.dice.people;
  const runId = targetOf(scene, verb);
  const byHand = dice.chance(0.5) ? buttonFor(scene, who, LETTERS[verb], runId) : undefined;
  if (byHand === undefined) return inWords(scene, verb, who, runId);
  const forged = dice.chance(0.04)
    ? byHand.data.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    : undefined;
  scene.mouth.presses(who, byHand, forged);
};

/** Somebody answers at the very last moment, or a little later. */
export const procrastinates = (scene: Scene): void => {
  const { world, runs } = scene;
  const dice = world.dice.people;
  const due = runs().filter(({ dueAt }) => dueAt !== undefined);
  const held = due.filter(({ status }) => status === 'Dispatching');
  const run = dice.pick(held.length > 0 && dice.chance(0.7) ? held : due);
  if (run?.dueAt === undefined) return;
  const ms = run.dueAt - world.clock() + dice.between(-500, 2500);
  const later = (does: () => void): void => void world.time.after(ms, does, NOBODY);
  if (run.status === 'Dispatching')
    return later(() => scene.mouth.says('olga', GROUP, 'unpause queue', NOTHING));
  const verb = run.status === 'AwaitingApproval' ? 'approve' : 'resume';
  const who = dice.weighted(verb === 'approve' ? DECIDERS : STEERERS);
  later(() => inWords(scene, verb, who, run.runId));
};

type Quarrel = readonly [state: string, one: Steering, other: Steering];

const QUARRELS: readonly (readonly [number, Quarrel])[] = [
  [3, ['AwaitingApproval', 'approve', 'cancel']],
  [1.5, ['AwaitingApproval', 'approve', 'deny']],
  [1.5, ['Approved', 'resume', 'cancel']],
  [3, ['Dispatching', 'cancel', 'approve']],
  [2, ['Running', 'cancel', 'approve']],
  [1, ['Canceled', 'recover', 'approve']],
  [1, ['Expired', 'recover', 'approve']],
  [1, ['Failed', 'recover', 'approve']],
];

/** Two people want different things of one run at about the same moment, each in a chat of their own. */
export const quarrels = (scene: Scene): void => {
  const { world, runs } = scene;
  const dice = world.dice.people;
  const [state, one, other] = dice.weighted(QUARRELS);
  const runId = dice.pick(runs().filter(({ status }) => status === state))?.runId;
  if (runId === undefined) return;
  inWords(scene, one, dice.weighted(personFor(one)), runId);
  const ms = dice.chance(0.5) ? dice.between(0, 10) : dice.between(0, 400);
  world.time.after(ms, () => inWords(scene, other, dice.weighted(personFor(other)), runId, 'aside'), NOBODY);
};

const personFor = (verb: Steering): typeof DECIDERS =>
  verb === 'approve' || verb === 'deny' ? DECIDERS : STEERERS;

type Steering = Exclude<Verb, 'run'>;

/** In which states it would have an effect. */
const FITS: Readonly<Record<Steering, readonly string[]>> = {
  approve: ['AwaitingApproval'],
  deny: ['AwaitingApproval'],
  resume: ['Approved'],
  cancel: ['AwaitingApproval', 'Approved', 'Dispatching', 'Running'],
  recover: ['Failed', 'Canceled', 'Expired', 'Running'],
};

/** Mostly a run that waits for just this; now and then any. */
const targetOf = ({ world, runs }: Scene, verb: Steering): string | undefined => {
  const dice = world.dice.people;
  const all = runs();
  // A state first: of some there are many runs, and of others hardly any.
  const states = FITS[verb].filter((wanted) => all.some(({ status }) => status === wanted));
  const state = dice.pick(states);
  const fitting = all.filter(({ status }) => status === state);
  return dice.pick(fitting.length > 0 && dice.chance(0.85) ? fitting : all.slice(-6))?.runId;
};

/** Usually the newest that this person can see; a card may be scrolled up to at any time. */
const buttonFor = ({ world, chats }: Scene, who: Name, verb: string, runId?: string): Button | undefined => {
  const dice = world.dice.people;
  const seen = chats.buttons.filter(
    (button) =>
      button.verb === verb && (button.address.includes(':-') || button.address === privateChat(who)),
  );
  const ofRun = seen.filter((button) => button.runId === runId);
  if (ofRun.length > 0 && dice.chance(0.85)) return dice.chance(0.85) ? ofRun.at(-1) : dice.pick(ofRun);
  return dice.chance(0.5) ? dice.pick(seen.slice(-4)) : undefined;
};

const WORDS: Readonly<Record<Steering, string>> = {
  approve: 'yes',
  deny: 'no',
  cancel: 'cancel',
  resume: 'resume',
  recover: 'recover',
};

const EXCUSES: readonly Disqualified[] = [
  'forwarded',
  'edited',
  'via_bot',
  'anonymous',
  'offline',
  'automatic',
];

const inWords = (
  scene: Scene,
  verb: Steering,
  who: Name,
  runId: string | undefined,
  where: 'anywhere' | 'aside' = 'anywhere',
): void => {
  const { world, chats, mouth } = scene;
  const dice = world.dice.people;
  const card = chats.messages.findLast((message) => message.isCard && message.runId === runId);
  if (card === undefined || runId === undefined) return;
  const isHere = where === 'anywhere' && card.address.includes(':-') && dice.chance(0.8);
  const address = isHere ? card.address : privateChat(who);
  const word = WORDS[verb];
  const bare = verb === 'approve' || verb === 'deny';
  const reason = verb === 'deny' && dice.chance(0.5) ? ' not today' : '';
  const how = dice.weighted([
    [6, 'named'],
    [bare ? 2 : 0, 'bare'],
    [address === card.address ? 1.5 : 0, 'reply'],
    [0.7, 'disqualified'],
    [bare ? 0.4 : 0, 'condition'],
  ]);
  const means: Meaning = { verb, runId };
  if (how === 'named') mouth.says(who, address, `${word} ${runId}${reason}`, means);
  if (how === 'bare') mouth.says(who, address, word, { verb });
  if (how === 'reply') mouth.says(who, address, word, means, { replyTo: card.messageId });
  if (how === 'condition') mouth.says(who, address, `yes ${runId} if it is safe`, NOTHING);
  const disqualified = dice.pick(EXCUSES);
  if (how !== 'disqualified' || disqualified === undefined) return;
  mouth.says(who, address, `${word} ${runId}`, NOTHING, { disqualified });
};

const QUESTIONS = [
  'status',
  'jobs',
  'runs',
  'runs waiting',
  'ops',
  'ops workers',
  'ops dedup',
  'help',
  'whoami',
  'gates',
  'deadletters',
];
const ABOUT = ['status', 'why', 'log'];
const SMALL_TALK = ['ok', 'yes please', 'thanks all', 'banana', 'good morning', 'no problem, later'];

/** Somebody wants to know something, or only talks. */
export const looks = ({ world, chats, mouth }: Scene): void => {
  const dice = world.dice.people;
  const who = dice.pick(NAMES) ?? 'ana';
  const runId = dice.pick(chats.messages)?.runId;
  const [text, means] = dice.weighted<readonly [string, Meaning]>([
    [4, [dice.pick(QUESTIONS) ?? 'status', LOOK]],
    [runId === undefined ? 0 : 4, [`${dice.pick(ABOUT) ?? 'why'} ${runId ?? ''}`, LOOK]],
    [2, [dice.pick(SMALL_TALK) ?? 'ok', NOTHING]],
  ]);
  const isForOthers = dice.chance(0.1);
  mouth.says(
    who,
    chatOf(world, who),
    text,
    isForOthers ? NOTHING : means,
    isForOthers ? { unaddressed: true } : {},
  );
};

/** Buttons that only show something, or ask for a run once more. */
export const taps = (scene: Scene): void => {
  const dice = scene.world.dice.people;
  const who = dice.weighted(STEERERS);
  const button = buttonFor(scene, who, dice.pick(['ra', 'dt', 'lg', 'rn', 'jd', 'no']) ?? 'dt');
  if (button !== undefined) scene.mouth.presses(who, button);
};
