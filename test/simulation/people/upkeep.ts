import { NOBODY } from '../time/virtual-time.ts';
import type { Programs } from '../world/programs.ts';
import type { Town } from '../world/town.ts';
import type { World } from '../world/world.ts';
import { act, type Scene } from './acts.ts';
import { CATALOG, type Listed } from './catalog.ts';
import { NOTHING } from './mouth.ts';
import { GROUP, type Name, privateChat, REPLACEABLE, RESIDENTS } from './residents.ts';

/** An owner or operator switches, pauses, and lets go on. */
export const switches = ({ world, mouth }: Scene): void => {
  const dice = world.dice.people;
  const who = dice.weighted<Name>([
    [3, 'olga'],
    [2, 'pat'],
    [1, 'ana'],
    [0.3, 'eve'],
  ]);
  const what = dice.chance(0.5) ? 'queue' : (dice.pick(CATALOG)?.key ?? 'queue');
  const text = dice.weighted([
    [3, `pause ${what} looking into it`],
    [4, `unpause ${what}`],
    [1, 'gates close queue.job_substrate.enabled'],
    [2, 'gates open queue.job_substrate.enabled'],
    [0.5, 'gates close queue.retry.enabled'],
    [1, 'gates open queue.retry.enabled'],
    [0.5, 'gates close queue.lease_reaper.enabled'],
    [1.5, 'gates open queue.lease_reaper.enabled'],
    [0.7, 'gates open queue.retry.max_attempts.command 2'],
  ]);
  mouth.says(who, dice.chance(0.5) ? GROUP : privateChat(who), text, NOTHING);
};

/** Somebody wants a quiet moment, and lets go on a little later. */
export const holdsUp = ({ world, mouth }: Scene): void => {
  const chat = privateChat('olga');
  const dice = world.dice.people;
  // Everything stands still for a shorter time than the queue, or there would be little else to see.
  const freezes = dice.chance(0.4);
  const [stops, goes] = freezes ? ['freeze a moment', 'unfreeze'] : ['pause queue a moment', 'unpause queue'];
  mouth.says('olga', chat, stops, NOTHING);
  const goesOn = (): void => mouth.says('olga', chat, goes, NOTHING);
  world.time.after(freezes ? dice.between(500, 5000) : dice.between(4000, 20_000), goesOn, NOBODY);
};

/** What an owner has to say so that everything works again. */
export const reopening = ({ db }: World): readonly string[] =>
  db
    .prepare<[], string>(
      "select 'unpause ' || replace(what, 'job:', '') from queue_pauses union all " +
        "select 'unfreeze' from freezes union all " +
        "select 'gates open ' || name from gates where open = 0 and value is null order by 1",
    )
    .pluck()
    .all();

/** An operator looks after what was given up on. */
export const tidies = ({ world, mouth }: Scene): void => {
  const dice = world.dice.people;
  const letter = dice.pick(openLetters(world));
  if (letter === undefined) return;
  const who = dice.weighted<Name>([
    [3, 'ana'],
    [2, 'olga'],
    [0.5, 'cho'],
  ]);
  const { name, runId } = letter;
  const replays = dice.chance(0.7);
  const text = replays ? `deadletters replay ${name}` : `deadletters drop ${name} no longer needed`;
  const means = replays && runId !== undefined ? ({ verb: 'recover', runId } as const) : NOTHING;
  mouth.says(who, GROUP, text, means);
};

const openLetters = ({ db }: World) =>
  db
    .prepare<[], { readonly name: string; readonly runId?: string }>(
      "select 'j' || id as name, run_id as runId from job_dead_letter where state = 'open' " +
        "union all select 'i' || id, null from inbox where state = 'dead' " +
        "union all select 'o' || id, null from outbox where state = 'dead'",
    )
    .all()
    .map(({ name, runId }) => ({ name, ...(typeof runId === 'string' ? { runId } : {}) }));

export interface Editing extends Scene {
  readonly town: Town;
  readonly programs: Programs;
}

/** What a run that has begun and not ended is about: that is when an edit would matter. */
const behindOne = ({ world, runs }: Scene): Listed | undefined => {
  const open = runs().filter(({ status }) => UNSTARTED.includes(status));
  const run = world.dice.people.pick(open);
  return CATALOG.find(({ key }) => key === run?.jobKey);
};

const UNSTARTED: readonly string[] = ['AwaitingApproval', 'Approved', 'Dispatching'];

/** Somebody edits the configuration file, or a script behind a job. */
export const edits = (scene: Editing): void => {
  const { world, town, programs, runs } = scene;
  const dice = world.dice.people;
  const what = dice.weighted([
    [3, 'swap'],
    [5, 'roles'],
    [2, 'job'],
    [0.7, 'retire'],
    [2, 'restore'],
  ] as const);
  const listed = dice.chance(0.6) ? behindOne(scene) : dice.pick(CATALOG);
  if (listed === undefined) return;
  world.write('editor', `${what} ${listed.key}`);
  world.counts(`edit: ${what}`);
  if (what === 'swap') return town.swap(listed.key);
  if (what === 'roles') {
    // Whoever has just approved something is missed most.
    const voters = ['Approved', 'Dispatching', 'Running'].flatMap((status) =>
      runs()
        .filter((run) => run.status === status)
        .map((run) => run.voters.at(-1)),
    );
    const missed = REPLACEABLE.find((one) => one === voters[0] && dice.chance(0.8));
    const gone = missed ?? dice.pick(REPLACEABLE) ?? 'bob';
    town.people = RESIDENTS.map((one) => (one.id === gone ? { ...one, roles: [] } : one));
    world.time.after(dice.between(300, 4000), () => act(scene, 'approve', gone), NOBODY);
    // What was approved and not started is now approved by somebody who may not.
    if (dice.chance(0.5))
      world.time.after(dice.between(300, 3000), () => act(scene, 'resume', 'ana'), NOBODY);
  }
  if (what === 'job') {
    const timeoutMs = 20_000 + 1000 * dice.below(20);
    town.jobs = town.jobs.map((one) =>
      one.key === listed.key ? { ...one, spec: { ...one.spec, timeoutMs } } : one,
    );
  }
  if (what === 'retire') town.jobs = town.jobs.filter(({ key }) => key !== listed.key);
  if (what === 'restore') {
    town.people = RESIDENTS;
    town.jobs = CATALOG;
  }
  programs.reload();
};
