import { Env } from '../../config/env-schema.ts';
import type { CliContext } from '../context.ts';
import type { Environment } from '../environment.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

interface Explained {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** `textops config explain`: every setting, what it is and who said so. Secrets are never shown. */
export const configExplain = async (context: CliContext): Promise<ExitCode> => {
  const { voice, environment, configuration } = context;
  // Wrong values end here with 78, as they would at start.
  const { config, warnings } = await configuration();
  const from = config.source === 'file' ? 'file' : 'default';
  const { jobs, schedules, people, ops, traceMode, advisors } = config.catalog;
  const rows: readonly Explained[] = [
    ...explainVariables(environment()),
    { name: 'jobs', value: jobs.map(({ key }) => key).join(' '), source: from },
    { name: 'schedules', value: schedules.map(({ key }) => key).join(' '), source: from },
    { name: 'people', value: people.map(({ id }) => id).join(' '), source: from },
    { name: 'ops.chat', value: ops?.chat ?? '', source: ops?.chat === undefined ? 'default' : from },
    { name: 'ops.ping', value: pingShown(ops?.ping), source: ops?.ping === undefined ? 'default' : from },
    { name: 'ops.seals', value: String(ops?.seals ?? false), source: ops === undefined ? 'default' : from },
    { name: 'otel.trace_mode', value: traceMode, source: traceMode === 'one' ? 'default' : from },
    ...Object.entries(advisors).map(([name, value]) => ({
      name: `advisors.${name}`,
      value,
      source: value === 'house' ? 'default' : from,
    })),
  ];
  if (voice.json) voice.document('settings', rows, warnings);
  else
    voice.table(
      ['SETTING', 'VALUE', 'FROM'],
      rows.map(({ name, value, source }) => [name, value, source]),
    );
  for (const warning of warnings) voice.talk(`warning: ${warning}`);
  return EXIT.done;
};

/** Whoever knows the rest of the address can ping in our name. */
const pingShown = (ping: string | undefined): string =>
  ping === undefined ? '' : `set (${new URL(ping).host})`;

export const explainVariables = ({ values, sources }: Environment): readonly Explained[] =>
  Object.entries(Env.shape).map(([name, field]) => {
    const value = values[name]?.trim();
    // A variable that is set to nothing counts as not set.
    if (value) return { name, value: shown(name, value), source: sources[name] ?? 'env' };
    const preset = field.safeParse(undefined).data;
    return { name, value: preset === undefined ? '' : String(preset), source: 'default' };
  });

/** Secrets by their length only; addresses without the password that may stand in them. */
const shown = (name: string, value: string): string => {
  if (/_(TOKEN|TOKENS|SECRET)$/.test(name)) return `set (${value.length} chars)`;
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  const secret =
    url.password !== '' || [...url.searchParams.keys()].some((key) => /pass|secret|key|token/i.test(key));
  if (!secret) return value;
  if (url.password !== '') url.password = '***';
  for (const key of url.searchParams.keys()) {
    if (/pass|secret|key|token/i.test(key)) url.searchParams.set(key, '***');
  }
  return url.href;
};
