import type { JobSpec } from '../../src/core/jobs/job.ts';
import { adHocJob } from '../../src/core/jobs/job.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import { heal } from './heal.ts';
import { newLaws, newMirror } from './laws/laws.ts';
import type { Known } from './laws/mirror.ts';
import { type Reading, readingOf } from './laws/reading.ts';
import type { Seen } from './people/acts.ts';
import { newDoor } from './people/door.ts';
import { newMeddler } from './people/meddler.ts';
import { type Mouth, newMouth } from './people/mouth.ts';
import { busyUntil } from './people/people.ts';
import { replaceClockwork } from './time/clockwork.ts';
import { virtualTime } from './time/virtual-time.ts';
import { newChats } from './world/chats.ts';
import { databaseFrom } from './world/database.ts';
import { newJobs } from './world/jobs.ts';
import type { Counters } from './world/log.ts';
import { letNatureRun, secondPoller } from './world/nature.ts';
import { newPrograms } from './world/programs.ts';
import { newTown } from './world/town.ts';
import { newUpdates } from './world/updates.ts';
import { weatherOf } from './world/weather.ts';
import { newWorld, type Program, type Violation, type World } from './world/world.ts';

/** What became of one world. */
export interface History {
  readonly seed: number;
  readonly digest: string;
  readonly counters: Counters;
  readonly virtualMs: number;
  readonly violation?: Violation;
  readonly tail: readonly string[];
}

export interface Play {
  readonly seed: number;
  /** The database that the world begins with. */
  readonly image: Buffer;
  /** How many lines of the log are kept. */
  readonly tail: number;
}

/** Plays the world of one seed from its beginning to its end. */
export const play = async ({ seed, image, tail }: Play): Promise<History> => {
  const weather = weatherOf(seed);
  const time = virtualTime();
  const db = databaseFrom(image);
  const world = newWorld(weather, time, db);
  const putBack = replaceClockwork(time, world.dice.ports.fork('jitter').next);
  try {
    await live(world);
  } finally {
    putBack();
    db.close();
  }
  const { violation, log, counters } = world;
  return {
    seed,
    digest: log.digest(),
    counters,
    virtualMs: time.now(),
    ...(violation === undefined ? {} : { violation }),
    tail: log.tail(tail),
  };
};

const live = async (world: World): Promise<void> => {
  const reading = readingOf(world.db);
  const town = newTown(world.weather.timetable);
  let mouth: Mouth | undefined;
  const theMouth = (): Mouth => mouth ?? lacking('mouth');
  const jobs = newJobs({ world, onStart: (start) => laws.onStart(start) });
  const chats = newChats({ world, onTaken: (delivery, kind, by) => laws.onTaken(delivery, kind, by) });
  const mirror = newMirror({ world, reading, town, jobs, specOf: specsOf(world, reading) });
  const laws = newLaws(mirror, theMouth, () => chats);
  const updates = newUpdates(world, (inbound) => laws.onConfirmed(inbound));
  mouth = newMouth(world, updates);
  const programs = newPrograms({
    world,
    town,
    chats,
    updates,
    jobs,
    onTransaction: () => laws.look(),
    observe: (program, observation) => note(world, program, observation),
  });
  secondPoller(world, programs);
  for (const kind of world.weather.programs) programs.start(kind);
  const knocks = newDoor(world, theMouth, chats);
  const meddles = newMeddler(world, () => [...mirror.runs.keys()]);
  const end = world.weather.busyMs;
  const runs = () => [...mirror.runs.values()].map(seen);
  busyUntil({ world, chats, mouth, town, programs, knocks, meddles, runs }, end);
  letNatureRun({ world, programs, chats, mouth }, end);
  await world.time.pass(end, () => world.violation !== undefined);
  if (world.violation === undefined)
    await heal({ world, programs, chats, mouth, updates, town, wasTaken: laws.wasTaken });
};

const seen = ({ runId, state }: Known): Seen => {
  if (state.status === 'absent') return { runId, status: state.status, voters: [], isLost: false };
  const voters = state.votes.map(({ personId }) => personId);
  const dueAt =
    state.status === 'AwaitingApproval'
      ? state.decideBy
      : state.status === 'Approved' || state.status === 'Dispatching'
        ? state.startBy
        : undefined;
  const { status, jobKey } = state;
  const isLost = state.status === 'AwaitingApproval' && state.because === 'lost';
  return { runId, jobKey, status, voters, isLost, ...(dueAt === undefined ? {} : { dueAt }) };
};

const lacking = (what: string): never => {
  throw new Error(`the world has no ${what} yet`);
};

/** S19: a version of a job never changes. */
const specsOf = (world: World, reading: Reading) => {
  const known = new Map<string, { readonly spec: JobSpec; readonly text: string }>();
  return (key: string, version: number): JobSpec | undefined => {
    if (version === 0) return adHocJob(key).spec;
    const name = `${key} v${version}`;
    const spec = reading.spec(key, version);
    const text = JSON.stringify(spec);
    const before = known.get(name);
    if (before !== undefined && before.text !== text) world.breaks('S19', `${name} has changed`);
    if (before === undefined && spec !== undefined) known.set(name, { spec, text });
    return known.get(name)?.spec;
  };
};

const note = (world: World, program: Program, observation: Observation): void => {
  const { kind } = observation;
  if (kind === 'transition_rejected') world.counts(`refusal: ${observation.why}`);
  else world.counts(`seen: ${kind}`);
  if (kind === 'loop_faulted') world.write(program, `${observation.loop}: ${String(observation.error)}`);
};
