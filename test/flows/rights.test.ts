import { expect, test } from 'vitest';
import { noon } from '../cast.ts';
import { changed, openCopy, type Rows } from './copies.ts';
import { cleanUp, jobs } from './residents.ts';
import { ACTIONS, type Action, BUTTONS } from './rights-actions.ts';
import { GROUP, identityAt, people, ROLES, type Scene, sceneIn, tries } from './rights-scene.ts';
import { found, onEveryStore, type Time, type Town } from './town.ts';

// Who may what, where, as one table per kind of place. A right that anybody gains or loses shows as a difference.

// `+` may, `.` may not and hears so, `-` may not and hears nothing.

const ALONE = `
                       owner      approver   operator   requester  viewer     dba        no role    stranger
run                    +          .          +          .          .          .          .          .
run a dba's job        .          .          .          .          .          +          .          .
approve                +          +          .          .          .          .          .          .
approve a dba's run    .          .          .          .          .          +          .          .
deny                   +          +          .          .          .          .          .          .
resume                 +          +          +          .          .          .          .          .
cancel                 +          +          +          .          .          .          .          .
recover                +          +          +          .          .          .          .          .
status                 +          +          +          .          +          .          .          .
status of a dba's run  +          .          .          .          +          +          .          .
log                    +          +          +          .          +          .          .          .
why                    +          +          +          .          +          .          .          .
summary                +          +          +          .          +          .          .          .
job                    +          +          +          .          +          .          .          .
a dba's job            +          .          .          .          +          +          .          .
runs                   +          +          +          .          +          .          .          .
schedules              +          +          +          .          +          .          .          .
ops                    +          +          +          +          +          +          +          .
gates                  +          +          +          +          +          +          +          .
dead letters           +          +          +          .          +          .          .          .
gates flip             +          .          .          .          .          .          .          .
pause a job            +          +          +          .          .          .          .          .
unpause a job          +          +          +          .          .          .          .          .
pause the queue        +          .          +          .          .          .          .          .
unpause the queue      +          .          +          .          .          .          .          .
freeze                 +          +          +          .          .          .          .          .
unfreeze               +          +          .          .          .          .          .          .
accept                 +          .          .          .          .          .          .          .
unaccept               +          .          .          .          .          .          .          .
schedule make          +          .          +          .          .          .          .          .
schedule pause         +          +          +          .          .          .          .          .
schedule resume        +          +          +          .          .          .          .          .
schedule skip          +          +          +          .          .          .          .          .
schedule snooze        +          +          +          .          .          .          .          .
schedule drop          +          .          +          .          .          .          .          .
link                   +          +          +          +          +          +          +          +
admit                  +          .          .          .          .          .          .          .
revoke                 +          .          .          .          .          .          .          .
unlink somebody's      +          .          .          .          .          .          .          .
people                 +          .          .          .          .          .          .          .
replay a run           +          +          +          .          .          .          .          .
drop a run             +          +          +          .          .          .          .          .
replay a message       +          .          +          .          .          .          .          .
drop a message         +          .          +          .          .          .          .          .
`;

const BUTTONS_ANYWHERE = `
                       owner      approver   operator   requester  viewer     dba        no role    stranger
[Approve]              +          +          .          .          .          .          .          .
[Approve] a dba's      .          .          .          .          .          +          .          .
[Deny]                 +          +          .          .          .          .          .          .
[Start now]            +          +          +          .          .          .          .          .
[Cancel]               +          +          +          .          .          .          .          .
[Recover]              +          +          +          .          .          .          .          .
[Run again]            +          .          +          .          .          .          .          .
[Details]              +          +          +          .          +          .          .          .
[Log]                  +          +          +          .          +          .          .          .
[Pause schedule]       +          +          +          .          .          .          .          .
`;

const IN_GROUP = `
                       owner      approver   operator   requester  viewer     dba        no role    stranger
run                    +          .          +          .          .          .          .          -
run a dba's job        .          .          .          .          .          +          .          -
approve                +          +          .          .          .          .          .          -
approve a dba's run    .          .          .          .          .          +          .          -
deny                   +          +          .          .          .          .          .          -
resume                 +          +          +          .          .          .          .          -
cancel                 +          +          +          .          .          .          .          -
recover                +          +          +          .          .          .          .          -
status                 +          +          +          .          +          .          .          -
status of a dba's run  +          .          .          .          +          +          .          -
log                    +          +          +          .          +          .          .          -
why                    +          +          +          .          +          .          .          -
summary                +          +          +          .          +          .          .          -
job                    +          +          +          .          +          .          .          -
a dba's job            +          .          .          .          +          +          .          -
runs                   +          +          +          .          +          .          .          -
schedules              +          +          +          .          +          .          .          -
ops                    +          +          +          +          +          +          +          -
gates                  +          +          +          +          +          +          +          -
dead letters           +          +          +          .          +          .          .          -
gates flip             +          .          .          .          .          .          .          -
pause a job            +          +          +          .          .          .          .          -
unpause a job          +          +          +          .          .          .          .          -
pause the queue        +          .          +          .          .          .          .          -
unpause the queue      +          .          +          .          .          .          .          -
freeze                 +          +          +          .          .          .          .          -
unfreeze               +          +          .          .          .          .          .          -
accept                 +          .          .          .          .          .          .          -
unaccept               +          .          .          .          .          .          .          -
schedule make          +          .          +          .          .          .          .          -
schedule pause         +          +          +          .          .          .          .          -
schedule resume        +          +          +          .          .          .          .          -
schedule skip          +          +          +          .          .          .          .          -
schedule snooze        +          +          +          .          .          .          .          -
schedule drop          +          .          +          .          .          .          .          -
link                   .          .          .          .          .          .          .          -
admit                  .          .          .          .          .          .          .          -
revoke                 +          .          .          .          .          .          .          -
unlink somebody's      +          .          .          .          .          .          .          -
people                 .          .          .          .          .          .          .          -
replay a run           +          +          +          .          .          .          .          -
drop a run             +          +          +          .          .          .          .          -
replay a message       +          .          +          .          .          .          .          -
drop a message         +          .          +          .          .          .          .          -
`;

const TIME: Time = { clock: () => noon, passes: () => undefined };
const OPTIONS = { people, jobs: [...jobs, { ...cleanUp, key: 'sweep' }] };

/** The town with its scene, once; every trial that changes something is made on a copy of its own. */
const mold = async (): Promise<{ readonly image: Buffer; readonly scene: Scene }> => {
  const open = await openCopy();
  const ground = await open.settle(TIME.clock);
  const scene = await sceneIn(await found(ground, TIME, OPTIONS));
  const image = open.image();
  await ground.clear();
  return { image, scene };
};

interface Place {
  readonly town: Town;
  readonly before: Rows;
  readonly rows: () => Rows;
  readonly clear: () => Promise<void>;
}

const place = async (image: Buffer): Promise<Place> => {
  const open = await openCopy(image);
  const ground = await open.settle(TIME.clock);
  const town = await found(ground, TIME, OPTIONS);
  return { town, before: open.rows(), rows: open.rows, clear: () => ground.clear() };
};

/** What everybody was let do at these conversations, as a table; it has to be the same at all of them. */
const tableOf = async (actions: Readonly<Record<string, Action>>, addressOf: (who: string) => string) => {
  const { image, scene } = await mold();
  let here = await place(image);
  const marks: Record<string, readonly string[]> = {};
  for (const [name, { does, shows, after }] of Object.entries(actions)) {
    const row: string[] = [];
    for (const who of Object.values(ROLES)) {
      const { rooms, now } = here.town;
      if (after !== undefined) await tries({ rooms, now, address: GROUP, who: 'kim' }, after);
      const before = after === undefined ? here.before : here.rows();
      const answer = await tries({ rooms, now, address: addressOf(who), who }, does(scene));
      const touched = changed(before, here.rows());
      const may = shows === undefined ? touched.length > 0 : shows.test(answer ?? '');
      // Whoever only looks must leave nothing behind, and whoever may not, neither.
      expect(shows === undefined ? [] : touched, `${name} by ${who} changed something`).toEqual([]);
      row.push(may ? '+' : answer === undefined ? '-' : '.');
      if (touched.length === 0 && after === undefined) continue;
      await here.clear();
      here = await place(image);
    }
    marks[name] = row;
  }
  await here.clear();
  return printed(marks);
};

const WIDTH = Math.max(...[...Object.keys(ACTIONS), ...Object.keys(BUTTONS)].map(({ length }) => length)) + 2;

const printed = (marks: Readonly<Record<string, readonly string[]>>): string => {
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(WIDTH)}${cells.map((cell) => cell.padEnd(11)).join('')}`.trimEnd();
  const rows = Object.entries(marks).map(([name, cells]) => row(name, cells));
  return ['', row('', Object.keys(ROLES)), ...rows, ''].join('\n');
};

const atHome = (who: string): string => identityAt('telegram', who);

test.each([
  ['in a private chat of Telegram', atHome],
  ['at the dev door', () => 'dev:ops'],
  ['in the terminal', () => 'terminal:chat'],
])('who may what by words %s', async (_, addressOf) => {
  expect(await tableOf(ACTIONS, addressOf)).toBe(ALONE);
});

test('who may what by words in a group: less, and strangers are not heard', async () => {
  expect(await tableOf(ACTIONS, () => GROUP)).toBe(IN_GROUP);
});

test.each([
  ['in a private chat of Telegram', atHome],
  ['in a group', () => GROUP],
  ['in the terminal', () => 'terminal:chat'],
])('who may what by buttons %s', async (_, addressOf) => {
  expect(await tableOf(BUTTONS, addressOf)).toBe(BUTTONS_ANYWHERE);
});

/** What no store lets anybody change by a message. */
const everything = async ({ store, now }: Town) => {
  const { running, ready, later, waiting } = await store.reader.figures(now());
  return {
    events: await store.history.events({ chain: '', seq: 0 }, undefined, 1000),
    people: await store.people.members(),
    gates: await store.gates.list(),
    pauses: await store.pauses.list(),
    letters: await store.deadLetters.list(100),
    schedules: await store.schedules.list(100),
    figures: { running, ready, later, waiting },
  };
};

/** The cells of a table that say no, and whether they say it in words. */
const refusalsIn = (table: string) =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const name = line.slice(0, WIDTH).trim();
      const cells = line.slice(WIDTH).trim().split(/ +/);
      return Object.values(ROLES).flatMap((who, index) =>
        cells[index] === '+' ? [] : [{ name, who, isSilent: cells[index] === '-' }],
      );
    });

onEveryStore((story) => {
  story(
    'whoever may not, in a group, changes nothing on any store',
    async (town) => {
      const scene = await sceneIn(town);
      const before = await everything(town);
      expect(before.events.length).toBeGreaterThan(20);
      const refusals = [...refusalsIn(IN_GROUP), ...refusalsIn(BUTTONS_ANYWHERE)];
      expect(refusals.length).toBeGreaterThan(200);
      for (const { name, who, isSilent } of refusals) {
        const action = ACTIONS[name] ?? BUTTONS[name];
        if (action === undefined) throw new Error(`there is no action ${name}`);
        const { rooms, now } = town;
        const answer = await tries({ rooms, now, address: GROUP, who }, action.does(scene));
        expect(answer === undefined, `${name} by ${who}: ${answer ?? ''}`).toBe(isSilent);
      }
      expect(await everything(town)).toEqual(before);
    },
    OPTIONS,
  );
});
