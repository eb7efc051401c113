import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { configHash } from '../../config/config-hash.ts';
import { type CliContext, createContext } from '../context.ts';
import { type Change, changeTo } from '../deploy/change.ts';
import { keepConfig } from '../deploy/configs.ts';
import { type Entry, lastGood, readLedger } from '../deploy/ledger.ts';
import { underLock } from '../deploy/lock.ts';
import { ofRelease } from '../deploy/of-release.ts';
import { currentId, type Place, placeAt } from '../deploy/place.ts';
import { processRunner } from '../deploy/process-runner.ts';
import { assertRoom } from '../deploy/room.ts';
import { systemdRunner } from '../deploy/systemd-runner.ts';
import { ownAddress } from '../own-address.ts';
import { type Manifest, readManifest } from '../release/manifest.ts';
import { unpackRelease } from '../release/unpack.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface DeployOptions {
  readonly prefix: string;
  readonly runner: 'systemd' | 'process';
  readonly unit: string;
  readonly message?: string;
  /** Milliseconds until a release that does not serve is left again. */
  readonly gate: number;
}

export interface RollbackOptions extends DeployOptions {
  /** A release, or the hash of a configuration. */
  readonly to?: string;
  /** The configuration, and not the release. */
  readonly configOnly: boolean;
}

/** `textops deploy FILE`: unpack, prove, ask, back up, and bring the installation to it; back again when it does not serve. */
export const deploy = async (
  context: CliContext,
  file: string,
  options: DeployOptions,
): Promise<ExitCode> => {
  const { place, inPlace } = installation(context, options);
  await mkdir(place.shared, { recursive: true });
  return locked(context, place, options, `deploys ${file}`, async () => {
    const archive = resolve(context.io.cwd, file);
    await assertRoom(place.prefix, archive);
    const { manifest } = await unpackRelease(archive, place.releases);
    context.voice.talk(`${manifest.id} is unpacked and as it was built.`);
    const change = await changeOf(context, inPlace, options, 'deploy', manifest.id);
    const entry = await changeTo({
      ...change,
      prepare: async () => {
        await tellOfNoReturn(context, place, manifest);
        await backUpWith(context, inPlace, place, manifest.id);
      },
    });
    if (entry.result === 'healthy') await prune(place, context);
    return tell(context, entry);
  });
};

/** `textops rollback`: the same steps, to a release that is here already. */
export const rollback = async (context: CliContext, options: RollbackOptions): Promise<ExitCode> => {
  const { place, inPlace } = installation(context, options);
  return locked(context, place, options, 'rolls back', async () => {
    const to = options.to ?? lastGood(await readLedger(place.ledger), currentId(place), context.io.now());
    if (to === undefined) {
      throw new Stop({ code: 'REFUSED', message: 'The ledger names no other release that ever served.' });
    }
    if (!existsSync(join(place.releases, to))) {
      throw new Stop({ code: 'NOT_FOUND', message: `There is no release ${to} at ${place.releases}.` });
    }
    return tell(context, await changeTo(await changeOf(context, inPlace, options, 'rollback', to)));
  });
};

/** The place, and the command line as if it had been called there: with the settings that the program will have. */
export const installation = (context: CliContext, { prefix }: DeployOptions) => {
  const place = placeAt(resolve(context.io.cwd, prefix));
  return { place, inPlace: createContext({ ...context.io, cwd: place.shared }, context.flags) };
};

export const locked = (
  { voice, io }: CliContext,
  place: Place,
  { message }: DeployOptions,
  what: string,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> =>
  underLock(
    place.lock,
    {
      message: message ?? what,
      now: io.now(),
      onStale: ({ who, since, message: was }) =>
        voice.talk(`${who} was cut off here at ${since} (${was}); going on from what is there.`),
    },
    work,
  );

const changeOf = async (
  { voice, io }: CliContext,
  inPlace: CliContext,
  options: DeployOptions,
  action: Change['action'],
  to: string,
): Promise<Change> => {
  const place = placeAt(resolve(io.cwd, options.prefix));
  const { settings, config } = await inPlace.configuration();
  if (settings.http.port === 0) {
    throw new Stop({
      code: 'BAD_CONFIGURATION',
      message: 'HTTP_PORT is 0; a deployment has to know where to look.',
    });
  }
  const hash = configHash(settings, config.catalog);
  await keepConfig(place, hash, config);
  return {
    place,
    voice,
    now: io.now,
    runner: options.runner === 'systemd' ? systemdRunner(options.unit) : processRunner(place),
    url: ownAddress(settings.http),
    gateMs: options.gate,
    action,
    to,
    configHash: hash,
  };
};

/** Said before anything happens, because afterwards it is too late to think about it. */
const tellOfNoReturn = async ({ voice }: CliContext, place: Place, { schema }: Manifest): Promise<void> => {
  const id = currentId(place);
  const before = id === undefined ? undefined : await readManifest(join(place.releases, id));
  if (before === undefined || before.schema.newest >= schema.rollbackFloor) return;
  voice.talk(
    `${before.id} does not know ${schema.rollbackFloor}: once it is applied, the way back is textops db restore.`,
  );
};

/** By the new release, so that its migrations are tried out on a copy of the real data before they touch it. */
const backUpWith = async (
  { voice }: CliContext,
  inPlace: CliContext,
  place: Place,
  id: string,
): Promise<void> => {
  const { database } = inPlace.settings();
  if (database.dialect === 'sqlite' && !existsSync(database.file)) return;
  const { code, lines, stdout } = await ofRelease(place, id, ['db', 'backup', '--verify']);
  if (code !== 0) {
    const message = `There is no backup, so nothing is changed: ${lines.at(-1) ?? ''}`;
    throw new Stop({ code: 'FAILED', message, lines: [message, ...lines] });
  }
  voice.talk(`Backup ${stdout.trim()}, restored beside and verified by the new release.`);
};

const KEPT = 5;

/** The newest ones stay, and whatever a rollback would go to. */
const prune = async (place: Place, { io }: CliContext): Promise<void> => {
  const good = lastGood(await readLedger(place.ledger), currentId(place), io.now());
  const ids = (await readdir(place.releases))
    .filter((name) => !name.startsWith('.'))
    .toSorted()
    .toReversed();
  for (const id of ids.slice(KEPT)) {
    if (id !== good && id !== currentId(place)) await rm(join(place.releases, id), { recursive: true });
  }
};

export const tell = ({ voice }: CliContext, entry: Entry): ExitCode => {
  if (voice.json) voice.document('deployment', entry);
  else voice.data(wordsOf(entry));
  if (entry.result === 'healthy') return EXIT.done;
  return entry.result === 'refused' ? EXIT.refused : EXIT.failed;
};

const wordsOf = (entry: Entry): string => {
  const { action, to, from, result, reason, seconds } = entry;
  if (action === 'config') return wordsOfConfig(entry);
  switch (result) {
    case 'healthy':
      return `${to} serves, after ${seconds} s.${reason === null ? '' : ` ${reason}`}`;
    case 'returned':
      return `${to} did not serve (${reason ?? ''}); ${from ?? ''} serves again, after ${seconds} s.`;
    case 'refused':
      return `${to} was not started (${reason ?? ''}); nothing was changed.`;
    case 'failed':
      return `${to} does not serve (${reason ?? ''}), and nothing else does. See docs/ubuntu.md.`;
  }
};

const wordsOfConfig = ({ configHash: hash, result, reason }: Entry): string => {
  const because = reason === null ? '' : ` (${reason})`;
  switch (result) {
    case 'healthy':
      return `The configuration ${hash ?? ''} is back.${reason === null ? '' : ` ${reason}`}`;
    case 'refused':
      return `The configuration ${hash ?? ''} would not start here${because}; nothing was changed.`;
    default:
      return `The configuration ${hash ?? ''} was not taken${because}; what was there before is there again.`;
  }
};
