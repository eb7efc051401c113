import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { configHash } from '../../config/config-hash.ts';
import type { CliContext } from '../context.ts';
import { draftBeside, keptConfigs } from '../deploy/configs.ts';
import { configHashAt, takesAnother } from '../deploy/gate.ts';
import { type Entry, lastGoodConfig, note, readLedger } from '../deploy/ledger.ts';
import { whoAmI } from '../deploy/lock.ts';
import { tellEnd } from '../deploy/news.ts';
import { ofRelease } from '../deploy/of-release.ts';
import { currentId, type Place } from '../deploy/place.ts';
import { ownAddress } from '../own-address.ts';
import type { ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';
import { installation, locked, type RollbackOptions, tell } from './deploy.ts';

/**
 * `textops rollback --config-only`: the file of jobs and people as it was when the installation was last known to be good. The
 * release that runs says first whether it would start with it, and takes it without being stopped; one that it does not take is taken away again.
 */
export const rollbackConfig = async (context: CliContext, options: RollbackOptions): Promise<ExitCode> => {
  const { io, voice } = context;
  const { place, inPlace } = installation(context, options);
  return locked(context, place, options, 'puts the configuration back', async () => {
    const id = currentId(place);
    if (id === undefined) throw new Stop({ code: 'REFUSED', message: `No release runs at ${place.prefix}.` });
    const began = performance.now();
    const { configFile: file, http } = inPlace.settings();
    const before = existsSync(file) ? await readFile(file, 'utf8') : undefined;
    const present = await hashOf(inPlace);
    const chosen = await choose(place, { file, before, present, to: options.to, now: io.now() });
    const turned = await put(place, id, {
      file,
      text: chosen.text,
      before,
      url: ownAddress(http),
      withinMs: options.gate,
      mayStay: present === undefined,
    });
    for (const line of turned.lines ?? []) voice.talk(line);
    const { result, reason } = turned;
    const at = new Date(io.now()).toISOString();
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const what = { action: 'config', from: id, to: id, configHash: chosen.hash } as const;
    const entry: Entry = { at, who: whoAmI(), ...what, result, reason, seconds };
    await note(place.ledger, entry);
    const untold = await tellEnd(place, entry);
    if (untold !== undefined) voice.talk(`Nobody was told of it: ${untold}`);
    return tell(context, entry);
  });
};

/** Undefined for a file that nothing would start with. */
const hashOf = async (inPlace: CliContext): Promise<string | undefined> => {
  try {
    const { settings, config } = await inPlace.configuration();
    return configHash(settings, config.catalog);
  } catch (error) {
    if (error instanceof Stop && error.problem.code === 'BAD_CONFIGURATION') return undefined;
    throw error;
  }
};

interface Wish {
  readonly file: string;
  readonly before: string | undefined;
  readonly present: string | undefined;
  readonly to: string | undefined;
  readonly now: number;
}

const choose = async (
  place: Place,
  { file, before, present, to, now }: Wish,
): Promise<{ readonly hash: string; readonly text: string }> => {
  const kept = await keptConfigs(place, extname(file));
  const isOther = (hash: string): boolean => hash !== present && kept.has(hash) && kept.get(hash) !== before;
  const hash = to ?? lastGoodConfig(await readLedger(place.ledger), now, isOther);
  if (hash === undefined) {
    const message = 'The ledger names no configuration with a copy that differs from the present one.';
    throw new Stop({ code: 'REFUSED', message });
  }
  const text = kept.get(hash);
  if (text !== undefined) return { hash, text };
  const known = kept.size === 0 ? 'none' : [...kept.keys()].toSorted().join(', ');
  throw new Stop({
    code: 'NOT_FOUND',
    message: `There is no copy of a configuration ${hash}; there is: ${known}.`,
  });
};

interface Put {
  readonly file: string;
  readonly text: string;
  readonly before: string | undefined;
  readonly url: string;
  readonly withinMs: number;
  /** What runs may have it already, because nothing could take what is there now. */
  readonly mayStay: boolean;
}

type Turned = Pick<Entry, 'result' | 'reason'> & { readonly lines?: readonly string[] };

const put = async (place: Place, id: string, p: Put): Promise<Turned> => {
  const draft = await draftBeside(p.file, p.text);
  const looked = await ofRelease(place, id, ['preflight', '--offline', '--config', draft]);
  if (looked.code !== 0) {
    await rm(draft);
    return { result: 'refused', reason: looked.lines.at(-1) ?? 'its preflight says no', lines: looked.lines };
  }
  const hash = await configHashAt(p.url);
  await rename(draft, p.file);
  if (hash === undefined) {
    return { result: 'healthy', reason: 'Nobody serves at the moment; the next start reads it.' };
  }
  if (await takesAnother({ url: p.url, hash, withinMs: p.withinMs, mayStay: p.mayStay })) {
    return { result: 'healthy', reason: null };
  }
  if (p.before === undefined) await rm(p.file);
  else await rename(await draftBeside(p.file, p.before), p.file);
  return {
    result: 'returned',
    reason: `${basename(p.file)} was not taken within ${Math.round(p.withinMs / 1000)} s`,
  };
};
