import type { Configuration } from '../configuration.ts';
import type { CliContext } from '../context.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkGuard } from '../doctor/check-guard.ts';
import { checkHistory } from '../doctor/check-history.ts';
import { checkDisk, checkNode, checkSqlite } from '../doctor/check-host.ts';
import { checkOidc } from '../doctor/check-oidc.ts';
import { checkPort } from '../doctor/check-port.ts';
import { checkTelegram } from '../doctor/check-telegram.ts';
import { checkTwilio } from '../doctor/check-twilio.ts';
import { bad, type Finding, ok, warning } from '../doctor/finding.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { oneLine } from '../plain-text.ts';
import { Stop } from '../stop.ts';
import { sqliteVersion } from '../versions.ts';

/** `textops doctor`: what is wrong with this installation, and the one thing to do about each. Changes nothing. */
export const doctor = async (context: CliContext): Promise<ExitCode> => {
  const { voice } = context;
  const findings = await examine(context);
  const sick = findings.filter(({ state }) => state === 'bad').length;
  if (voice.json) voice.document('doctor', findings);
  else {
    for (const { what, state, words, cure } of findings) {
      const line = oneLine(`${what}: ${words}${cure === undefined ? '' : ` → ${cure}`}`);
      voice.data(`${voice.paint(COLOURS[state], MARKS[state])} ${line}`);
    }
    voice.talk(sick === 0 ? 'Nothing is broken.' : checksFailed(findings));
  }
  return sick === 0 ? EXIT.done : EXIT.failed;
};

/** One check may find several things. */
const checksFailed = (findings: readonly Finding[]): string => {
  const checks = new Set(findings.map(({ what }) => what));
  const failed = new Set(findings.filter(({ state }) => state === 'bad').map(({ what }) => what));
  return `${failed.size} of ${checks.size} checks failed.`;
};

const MARKS = { ok: '✔', warning: '⚠', bad: '✖' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', bad: 'red' } as const;

const examine = async (context: CliContext): Promise<readonly Finding[]> => {
  const machine = [checkNode(process.versions.node), await checkSqlite(sqliteVersion)];
  const read = await readOrStop(context);
  if (read instanceof Stop) {
    const lines = read.problem.lines ?? [read.message];
    return [
      ...machine,
      ...lines.map((line) => bad('config', line, 'correct it; npx textops check tells when it fits')),
    ];
  }
  const { settings, config, warnings } = read;
  const { catalog, source, fileName } = config;
  const database = await checkDatabase(settings.database, context.io.now);
  const readable = database.some(({ what }) => what === 'clock');
  return [
    ...machine,
    ok('config', `${source === 'file' ? fileName : 'samples'}, ${catalog.jobs.length} jobs`),
    ...warnings.map((line) => warning('config', line, 'correct or remove it')),
    ...database,
    ...(readable ? await checkHistory(settings) : []),
    await checkDisk(settings.database, context.io.cwd),
    await checkPort(settings.http),
    await checkGuard(),
    ...(settings.oidc === undefined ? [] : [await checkOidc(settings.oidc)]),
    ...(settings.telegram === undefined ? [] : [await checkTelegram(settings.telegram, settings.publicUrl)]),
    ...(settings.twilio === undefined ? [] : [await checkTwilio(settings.twilio, settings.publicUrl)]),
  ];
};

/** A broken configuration is a finding among others here. */
const readOrStop = async ({ configuration }: CliContext): Promise<Configuration | Stop> => {
  try {
    return await configuration();
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
};
