import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { abilities } from '../bot/channels.ts';
import { buttonToken } from '../bot/telegram/button-token.ts';
import { logFile } from '../cli/log-file.ts';
import type { ProgramInput } from '../cli/program-input.ts';
import { packageVersion } from '../cli/versions.ts';
import type { CatalogFile } from '../config/catalog-file.ts';
import { databaseUrl } from '../config/database-url.ts';
import type { Rooms } from '../core/flows/messages/heard.ts';
import { recordInstalledGates } from '../core/flows/ops/feature-gates.ts';
import type { ButtonToken, ChannelHealth } from '../core/ports/channel.ts';
import type { OnlyOne } from '../core/ports/leases.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { Store } from '../core/ports/store.ts';
import { openStore } from '../db/open.ts';
import { onlyOneOf } from '../loops/only-one.ts';
import { startPulse } from '../loops/pulse.ts';
import { startRefusalTally } from '../loops/refusal-tally.ts';
import { type LogOptions, logObservations } from '../telemetry/log.ts';
import { logReader } from '../telemetry/log-reader.ts';
import { observeAll } from '../telemetry/observe-all.ts';
import { executors } from '../worker/executors/executors.ts';
import { fingerprint } from '../worker/fingerprint.ts';
import { withMemoryQueue } from '../worker/memory-queue.ts';
import { startWorker, type Worker } from '../worker/start.ts';
import { chosenAdvisors } from './advisors.ts';
import { assertAlone } from './alone.ts';
import { furnish } from './house.ts';
import { buttonKey, newKey, secretsOf } from './keys.ts';
import { type Monitoring, openMonitoring } from './monitoring.ts';
import { isGone, ownPlace } from './process-place.ts';
import { setUpOf } from './set-up.ts';
import { stopAll } from './stop-all.ts';
import { installationOf, openTracing } from './tracing.ts';

/** What `start` and `worker` have in common: the store, the rules, and a worker to be started. */
export interface Household {
  readonly rooms: Rooms;
  readonly store: Store;
  readonly observe: Observe;
  /** Whoever wants to be told of everything as well. */
  readonly alsoSees: (observe: Observe) => void;
  readonly version: string;
  readonly buttonToken: ButtonToken;
  /** The name of this process; different for every start. */
  readonly instance: string;
  readonly onlyOne: OnlyOne;
  readonly startWorker: () => Worker;
  /** The heartbeats of this process; started with it, and the last thing to end before the store. */
  readonly pulse: ReturnType<typeof startPulse>;
  /** What is open already, the store first: whoever ends the program ends all of it, from the end of this list. */
  readonly opened: readonly Running[];
  readonly monitoring: Monitoring;
  readonly onCatalog: (catalog: CatalogFile) => void;
  readonly onRunChanged: (listener: () => void) => () => void;
  /** Where the newest seal is told, if anywhere. */
  readonly sealChat: () => string | undefined;
  /** Who is told every minute that somebody looks at the timetable, if anybody. */
  readonly pingUrl: () => string | undefined;
}

export interface HouseholdChoices {
  readonly component: 'start' | 'worker';
  /** Takes whole lines of the log for whoever looks on. */
  readonly write: (line: string) => unknown;
  readonly channels: () => readonly ChannelHealth[];
  /** Where people open the console, as soon as somebody knows. */
  readonly console?: () => string | undefined;
}

/** An open handle keeps a process alive that serves nobody: what was opened before something went wrong is closed again. */
export const openHousehold = async (input: ProgramInput, choices: HouseholdChoices): Promise<Household> => {
  const opened: Running[] = [];
  try {
    return await settleIn(input, choices, opened);
  } catch (error) {
    // Whoever is told why the start failed needs no second fault beside it.
    await stopAll(opened, () => undefined);
    throw error;
  }
};

const settleIn = async (
  input: ProgramInput,
  choices: HouseholdChoices,
  opened: Running[],
): Promise<Household> => {
  const { settings, config, env } = input;
  const version = await packageVersion();
  const secrets = secretsOf(settings, secretValues(input));
  let installation = '';
  const log = observer(input, choices, { version, secrets, installation: () => installation });
  const instance = instanceName();
  const monitoring = await openMonitoring(input);
  const store = await openQueue(input, instance, monitoring.timed, opened);
  await recordInstalledGates(store);
  installation = await installationOf(store);
  const { component } = choices;
  const endpoint = settings.otlpEndpoint;
  let { catalog } = config;
  const mode = () => catalog.traceMode;
  const about = { endpoint, installation, mode, version, component, instance, secrets };
  const tracing = await openTracing({ ...about, observe: log });
  const tally = startRefusalTally({ runs: store.runs, now: () => store.now(), observe: log });
  opened.push(tracing, tally);
  const onChange = new Set<() => void>();
  const tellChange: Observe = ({ kind }) => {
    if (kind === 'run_changed') for (const hear of onChange) hear();
  };
  const others: Observe[] = [];
  const tellOthers: Observe = (observation) => {
    for (const other of others) other(observation);
  };
  const observe = observeAll(log, [tally.sees, monitoring.sees, tracing.sees, tellChange, tellOthers]);
  const baseDir = dirname(config.file);
  const mint = buttonToken(buttonKey(settings));
  const startedAt = await store.now();
  monitoring.knows(catalog);
  const pulse = startPulse({ heartbeats: store.heartbeats, now: () => store.now(), instance, observe });
  opened.push(pulse);
  const rooms = furnish({
    store,
    profile: settings.profile,
    version,
    leaseMs: settings.leaseMs,
    buttonToken: mint,
    fingerprint: fingerprint({ baseDir, environment: env }),
    observe,
    // What a worker reports is shown where the run was asked for, by the process that has the doors.
    ...abilities,
    ...(choices.console === undefined ? {} : { console: choices.console }),
    channels: choices.channels,
    startedAt,
    isGone,
    log: logReader(logFile(input.cwd)),
    opsChat: () => catalog.ops?.chat,
    setUp: () => setUpOf(input, version, catalog),
    advisors: () => chosenAdvisors(catalog.advisors),
  });
  return {
    rooms,
    store,
    observe,
    alsoSees: (other) => void others.push(other),
    version,
    buttonToken: mint,
    pulse,
    opened,
    onRunChanged: (listener) => {
      onChange.add(listener);
      return () => void onChange.delete(listener);
    },
    sealChat: () => (catalog.ops?.seals === true ? catalog.ops.chat : undefined),
    pingUrl: () => catalog.ops?.ping,
    instance,
    onlyOne: onlyOneOf({ ...takeTurns(store, instance), observe, pulse: pulse.pulse }),
    onCatalog: (taken) => {
      catalog = taken;
      monitoring.knows(taken);
    },
    monitoring: monitoring.reads({
      store,
      observe,
      version,
      channels: choices.channels,
      catalog: () => catalog,
    }),
    startWorker: () =>
      startWorker({
        rooms,
        executors: executors({ baseDir, environment: env }),
        workerId: instance,
        place: ownPlace(),
        pulse: pulse.pulse,
        slots: settings.worker.concurrency,
        leaseMs: settings.leaseMs,
        secretOf: (name) => env[name],
      }),
  };
};

const takeTurns = (store: Store, instance: string) => ({
  leases: store.leases,
  now: () => store.now(),
  holder: instance,
  place: ownPlace(),
  isGone,
  onGone: (holder: string) => inherit(store, holder),
});

/** What a process had in hand when it died need not wait until its time is over. */
const inherit = async (store: Store, holder: string): Promise<void> => {
  const at = await store.now();
  await store.inbox.release(holder, at);
  await store.outbox.release(holder, at);
};

const openQueue = async (
  { settings }: ProgramInput,
  instance: string,
  timed: (op: string, tookMs: number) => void,
  opened: Running[],
): Promise<Store> => {
  const store = await openStore({ url: databaseUrl(settings.database), timed });
  opened.push({ stop: () => store.close() });
  if (settings.queue === 'database') return store;
  await assertAlone(takeTurns(store, instance));
  const inMemory = withMemoryQueue(store);
  await inMemory.rebuild();
  return inMemory;
};

const observer = (
  input: ProgramInput,
  choices: HouseholdChoices,
  about: Pick<LogOptions, 'version' | 'secrets' | 'installation'>,
): Observe =>
  logObservations({
    ...about,
    level: input.settings.log.level,
    format: input.settings.log.format,
    component: choices.component,
    file: logFile(input.cwd),
    writes: 'per_turn',
    destination: { write: choices.write },
  });

/** The secrets that jobs name, as far as this process has them. */
const secretValues = ({ config, env }: ProgramInput): Readonly<Record<string, string>> =>
  Object.fromEntries(
    config.catalog.jobs.flatMap(({ spec }) =>
      spec.secrets.flatMap((name) => {
        const value = env[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  );

/** Short enough for a card, different for every process and every start. */
const instanceName = (): string =>
  `${hostname().split('.')[0]?.slice(0, 20) ?? 'host'}-${newKey(3).toLowerCase()}`;
