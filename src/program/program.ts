import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { startInboxPump } from '../bot/inbox-pump.ts';
import { startSender } from '../bot/sender.ts';
import type { ProgramInput, RunningProgram } from '../cli/program-input.ts';
import { parseJob } from '../config/load-catalog.ts';
import { parseSchedule } from '../config/parse-schedule.ts';
import type { Settings } from '../config/settings.ts';
import { noteOptOut } from '../core/flows/messages/consent.ts';
import { handleMessage } from '../core/flows/messages/handle-message.ts';
import { presentProblems } from '../core/flows/ops/keep-incidents.ts';
import type { Running } from '../core/ports/running.ts';
import type { Store, Wake } from '../core/ports/store.ts';
import { startIncidentLog } from '../loops/incident-log.ts';
import { owes } from '../loops/loop.ts';
import { within } from '../loops/rest.ts';
import { startHousekeeping, startSchedules } from '../scheduler/start.ts';
import { webApp } from '../web/app.ts';
import { browserLogin } from '../web/oidc/browser-login.ts';
import { identityProvider } from '../web/oidc/identity-provider.ts';
import { startWeb, type WebServer } from '../web/server.ts';
import { STAYING_ALONE } from './alone.ts';
import { banner, databaseWords } from './banner.ts';
import { openDoors } from './doors.ts';
import { type Household, openHousehold } from './household.ts';
import { newKey } from './keys.ts';
import { liveCatalog } from './live-catalog.ts';
import { openMonitorDoor } from './monitor-door.ts';
import { openSealing } from './sealing.ts';
import { endAfter, untilAsked } from './signals.ts';
import { stopAll } from './stop-all.ts';
import { sharedNames } from './token-names.ts';

/** Everything in one process: intake, rules, sender, worker, web, and the terminal chat when there is nobody else. */
export const startProgram = async (input: ProgramInput): Promise<RunningProgram> => {
  const { settings, stdin, stdout, stderr } = input;
  const seen = stdin.isTTY === true && stdout.isTTY === true;
  const mute = settings.telegram === undefined && settings.slack === undefined;
  const terminal = mute && settings.profile === 'dev' && seen;
  const isNew = settings.database.dialect === 'sqlite' && !existsSync(settings.database.file);
  const ending = Promise.withResolvers<string>();
  // Before anything is opened: whoever asks us to stop while we start is obeyed as soon as we have started.
  const asked = untilAsked([ending.promise]);
  const sealing = await openSealing(input);
  const doors = openDoors(input, { terminal, end: ending.resolve });
  // Without a public address it opens on this machine only, and its port is known when it is open.
  const console: { url?: string } = { ...(settings.publicUrl && { url: settings.publicUrl }) };
  const house = await openHousehold(input, {
    component: 'start',
    write: doors.log,
    channels: doors.health,
    console: () => console.url,
  });
  // What was opened is closed in the opposite order: intake first, the store last.
  const running: Running[] = [...house.opened];
  try {
    // Ends last but for the store, so that what the others did while they stopped is sealed as well.
    running.push(sealing(house));
    const lights = { on: true };
    const web = await openHouse(input, house, await doors.open(house), { running, lights });
    console.url ??= web.url;
    const keyboard = stdin.isTTY === true;
    stdout.write(
      banner({ ...greeting(input, isNew), version: house.version, url: web.url, terminal, keyboard }),
    );
    await doors.start(house, running);
    const ended = asked.then(async (why) => {
      lights.on = false;
      // Every part has a deadline of its own and together they stay below this; it is for what nobody thought of.
      endAfter(STOP_MS_MAX);
      const because = why === 'quit' ? '' : ` (${why})`;
      stderr.write(`  Stopping${because}. What was accepted is stored.\n`);
      await stopAll(running, house.observe);
      return why === 'deaf' ? 1 : 0;
    });
    return { ended };
  } catch (error) {
    await stopAll(running, house.observe);
    throw error;
  }
};

/** Supervisors wait about so long before they kill. */
const STOP_MS_MAX = 25_000;
/** Messages in work end by then, or are handled after the next start. */
const PUMP_STOP_MS = 1500;

/** The loops behind the doors, and the web. Nothing comes in yet. */
const openHouse = async (
  input: ProgramInput,
  house: Household,
  doors: Awaited<ReturnType<ReturnType<typeof openDoors>['open']>>,
  { running, lights }: { readonly running: Running[]; readonly lights: { readonly on: boolean } },
): Promise<WebServer> => {
  const { settings, config } = input;
  const { rooms, store, observe, instance, pulse, onCatalog, monitoring } = house;
  running.push(await liveCatalog({ store, config, observe, onTaken: onCatalog }));
  for (const said of await sharedNames(store, settings.apiTokens)) input.stderr.write(`warning: ${said}\n`);
  const rules = handleMessage(rooms);
  const handle: typeof rules = async (inbound, once) => {
    const handled = await rules(inbound, once);
    doors.onHandled(inbound, handled);
    return handled;
  };
  // The port first: a second start by mistake must end here, before it has claimed anything.
  const web = await startWeb({
    app: webApp({
      rooms,
      handle,
      profile: settings.profile,
      apiTokens: settings.apiTokens,
      ...(settings.oidc === undefined ? {} : { identityProvider: identityProvider(settings.oidc) }),
      ...(settings.oidc?.client === undefined
        ? {}
        : { browserLogin: browserLogin({ issuer: settings.oidc.issuer, client: settings.oidc.client }) }),
      ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
      readJob: ({ key, ...body }) => {
        const parsed = parseJob(key, body);
        return parsed.ok ? { ok: true, key, spec: parsed.spec } : parsed;
      },
      readSchedule: ({ key, ...body }) => parseSchedule(key, body),
      onRunChanged: house.onRunChanged,
      newEventKey: () => newKey(),
      ready: () => lights.on,
      routes: doors.routes,
      ...monitoring,
      ...(doors.localChat === undefined ? {} : { localChat: doors.localChat }),
      ...(doors.recentDev === undefined ? {} : { recentDev: doors.recentDev }),
    }),
    ...settings.http,
    observe,
  });
  running.push(monitoring.scorecards, web);
  const now = (): Promise<number> => store.now();
  const sender = startSender({
    outbox: store.outbox,
    outputs: store.runs,
    senders: doors.senders,
    speaksOn: doors.speaksOn,
    onOptedOut: (address) => noteOptOut(store, address),
    observe,
    now,
    owner: instance,
    chance: rooms.ambient.chance,
    pulse: pulse.pulse,
    owed: owes(store, 'outbox'),
  });
  running.push(sender, wakeOn(store, 'outbox', sender));
  if (settings.worker.mode === 'in-process') running.push(house.startWorker());
  running.push(startTicks(house, settings));
  if (settings.queue === 'memory') running.push(house.onlyOne(STAYING_ALONE));
  running.push(startTimetable(house), watchIncidents(house));
  const senderOf = (channel: string) => doors.senders.find((one) => one.channel === channel);
  const pump = startInboxPump({
    inbox: store.inbox,
    owner: instance,
    handle,
    senderOf,
    observe,
    now,
    pulse: pulse.pulse,
    owed: owes(store, 'inbox'),
  });
  running.push(
    { stop: () => within(PUMP_STOP_MS, pump.stop()).then(() => undefined) },
    wakeOn(store, 'inbox', pump),
  );
  return web;
};

/** Any number of processes may do it; one of them is enough, and then it has a name. */
const startTicks = ({ onlyOne, rooms, observe, pulse }: Household, { leaseMs }: Settings): Running =>
  onlyOne({
    name: 'ticks',
    start: () =>
      startHousekeeping({ rooms, observe, everyMs: Math.min(1000, leaseMs / 3), pulse: pulse.pulse }),
  });

/** Only a process with doors does it, because where nobody could be told, a question that nobody hears would only run out. */
const startTimetable = ({ onlyOne, rooms, observe, pulse, pingUrl }: Household): Running =>
  onlyOne({
    name: 'schedules',
    start: () => startSchedules({ rooms, observe, pulse: pulse.pulse, pingUrl }),
  });

/** Where the doors are: without them nobody is served, however much is alive. */
const watchIncidents = ({ rooms, store, observe, alsoSees, pulse }: Household): Running => {
  const log = startIncidentLog({
    incidents: store.incidents,
    now: () => store.now(),
    problems: () => presentProblems(rooms),
    observe,
    pulse: pulse.pulse,
  });
  alsoSees(log.sees);
  return log;
};

/** A commit that leaves something to do ends the loop's rest; polling alone would find it a little later. */
const wakeOn = (store: Store, what: Wake, loop: { nudge(): void }): Running => {
  const forget = store.onWake((woken) => {
    if (woken === what) loop.nudge();
  });
  return {
    stop: () => {
      forget();
      return Promise.resolve();
    },
  };
};

const greeting = (input: ProgramInput, isNew: boolean) => {
  const { settings, config, cwd } = input;
  return {
    settings,
    database: `${databaseWords(settings.database, cwd)}${isNew ? ' (new)' : ''}`,
    jobs: config.catalog.jobs.map((job) => job.key),
    source: config.source,
    fileName: relative(cwd, config.file) || config.fileName,
  };
};

/** A worker alone: the same database, the same rules, no door. */
export const startWorkerProgram = async (input: ProgramInput): Promise<RunningProgram> => {
  const asked = untilAsked([]);
  const house = await openHousehold(input, {
    component: 'worker',
    write: (line) => input.stderr.write(line),
    channels: () => [],
  });
  const { store, observe } = house;
  const lights = { on: true };
  const running: Running[] = [...house.opened];
  try {
    running.push(...(await openMonitorDoor(input, house, lights)));
    running.push(await liveCatalog({ store, config: input.config, observe, onTaken: house.onCatalog }));
    running.push(startTicks(house, input.settings), house.startWorker());
  } catch (error) {
    await stopAll(running, observe);
    throw error;
  }
  const { concurrency } = input.settings.worker;
  input.stdout.write(
    `  TextOps ${house.version} worker · ${databaseWords(input.settings.database, input.cwd)} · ${concurrency} slots\n`,
  );
  const ended = asked.then(async (why) => {
    lights.on = false;
    endAfter(STOP_MS_MAX);
    input.stderr.write(`  Stopping (${why}). Jobs end or are handed back.\n`);
    await stopAll(running, observe);
    return 0;
  });
  return { ended };
};
