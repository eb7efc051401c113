import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { CatalogFile } from '../config/catalog-file.ts';
import { type EnvProblem, envProblemLine, readEnv } from '../config/env.ts';
import { parseCatalog } from '../config/load-catalog.ts';
import { formatProblems, problemLine } from '../config/problem.ts';
import { sampleCatalog } from '../config/samples.ts';
import type { DatabaseSettings, Settings } from '../config/settings.ts';
import { Stop } from './voice/stop.ts';

/** What a start goes by: the settings, the catalog, and where the catalog came from. */
export interface Configuration {
  readonly settings: Settings;
  readonly config: LoadedCatalog;
  readonly warnings: readonly string[];
}

export interface LoadedCatalog {
  readonly catalog: CatalogFile;
  readonly source: 'file' | 'sample';
  /** Absolute; also when the file does not exist yet. */
  readonly file: string;
  /** As problems name it. */
  readonly fileName: string;
  /** Undefined when there is no such file. */
  readonly text?: string;
}

interface Place {
  readonly values: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** By a flag, so it must exist, whatever its name. */
  readonly fileNamed: boolean;
}

/** Reads all of it and complains about all of it at once, one line per problem. */
export const readConfiguration = async (place: Place): Promise<Configuration> => {
  const read = readEnv(place.values);
  const { configFile, profile } = read.ok ? read.settings : asWritten(place.values);
  const loaded = await loadCatalog(configFile, place.cwd, missingWords(configFile, profile, place));
  const ofEnv = read.ok ? [] : read.problems.map(envProblemLine);
  if (!read.ok || loaded.config === undefined) {
    const lines = loaded.problems ?? [];
    throw badConfiguration([...ofEnv, ...lines], [...ofEnv, ...(loaded.inFull ?? lines)]);
  }
  const { settings, warnings } = read;
  return {
    settings: settled(settings, place.cwd),
    config: loaded.config,
    warnings: warnings.map(envProblemLine),
  };
};

/** What can be known of variables that are wrong elsewhere, so that one try shows the problems of the file as well. */
const asWritten = ({ TEXTOPS_CONFIG, TEXTOPS_PROFILE }: Place['values']) => ({
  configFile: TEXTOPS_CONFIG || DEFAULT_FILE,
  profile: TEXTOPS_PROFILE,
});

/** Samples are for a first look. Whoever points to a file, or runs this for real, means something else. */
const missingWords = (
  path: string,
  profile: string | undefined,
  { cwd, fileNamed }: Place,
): string | undefined => {
  if (fileNamed) return 'is missing';
  if (resolve(cwd, path) !== resolve(cwd, DEFAULT_FILE)) return 'is missing; TEXTOPS_CONFIG names it';
  return profile === 'production'
    ? 'is missing; write your jobs and people into it (textops.example.yaml shows how), the samples are for dev only'
    : undefined;
};

const DEFAULT_FILE = './textops.yaml';

/** The catalog alone, for whoever has no settings to go with it. It has to exist. */
export const readCatalogAlone = async (path: string | undefined, cwd: string): Promise<LoadedCatalog> => {
  const loaded = await loadCatalog(path ?? DEFAULT_FILE, cwd, 'is missing');
  if (loaded.config !== undefined) return loaded.config;
  throw badConfiguration(loaded.problems ?? [], loaded.inFull);
};

/** The settings alone, for commands that never look into the catalog. */
export const readSettings = ({ values, cwd }: Omit<Place, 'fileNamed'>): Settings => {
  const read = readEnv(values);
  if (!read.ok) throw badConfiguration(read.problems.map((problem: EnvProblem) => envProblemLine(problem)));
  return settled(read.settings, cwd);
};

const badConfiguration = (lines: readonly string[], inFull = lines): Stop => {
  const count = lines.length === 1 ? '1 problem' : `${lines.length} problems`;
  return new Stop({ code: 'BAD_CONFIGURATION', message: `${count} in the configuration`, lines, inFull });
};

interface Loaded {
  readonly config?: LoadedCatalog;
  /** One line each, for scripts. */
  readonly problems?: readonly string[];
  /** With the source and the corrected line, for people. */
  readonly inFull?: readonly string[];
}

const loadCatalog = async (path: string, cwd: string, ifMissing: string | undefined): Promise<Loaded> => {
  const file = resolve(cwd, path);
  const fileName = nameOf(cwd, file);
  const text = await textOf(file);
  if (text instanceof Error) return { problems: [`${fileName} ${text.message}`] };
  if (text === undefined) {
    if (ifMissing !== undefined) return { problems: [`${fileName} ${ifMissing}`] };
    return { config: { catalog: sampleCatalog(), source: 'sample', file, fileName } };
  }
  const result = parseCatalog(text, { fileName, format: file.endsWith('.toml') ? 'toml' : 'yaml' });
  return result.ok
    ? { config: { catalog: result.catalog, source: 'file', file, fileName, text } }
    : { problems: result.problems.map(problemLine), inFull: formatProblems(result.problems) };
};

const nameOf = (cwd: string, file: string): string => {
  const inside = relative(cwd, file);
  return inside === '' || inside.startsWith('..') ? file : inside;
};

/** Undefined without such a file; an error says why it cannot be read, to be reported among the others. */
const textOf = async (file: string): Promise<string | Error | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT') return undefined;
    return new Error(`cannot be read (${code})`, { cause: error });
  }
};

/** Paths are meant from where the command was given, whatever the working directory becomes. */
const settled = (settings: Settings, cwd: string): Settings => ({
  ...settings,
  configFile: resolve(cwd, settings.configFile),
  sealKeyFile: resolve(cwd, settings.sealKeyFile),
  database: fromFolder(settings.database, cwd),
});

/** The database that is meant by whoever names it in this folder. */
export const fromFolder = (database: DatabaseSettings, cwd: string): DatabaseSettings =>
  database.dialect === 'sqlite' && database.file !== ':memory:'
    ? { dialect: 'sqlite', file: resolve(cwd, database.file) }
    : database;
