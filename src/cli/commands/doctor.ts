import type { Configuration } from '../configuration.ts';
import type { CliContext } from '../context.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkGuard } from '../doctor/check-guard.ts';
import { checkHistory } from '../doctor/check-history.ts';
import { checkDisk, checkNode, checkSqlite } from '../doctor/check-host.ts';
import { checkOidc } from '../doctor/check-oidc.ts';
import { checkPort } from '../doctor/check-port.ts';
import { checkSlack } from '../doctor/check-slack.ts';
import { checkTelegram } from '../doctor/check-telegram.ts';
import { checkTwilio } from '../doctor/check-twilio.ts';
import { bad, type Finding, ok, warning } from '../doctor/finding.ts';
import { checksFailed, isSick, sayFindings } from '../doctor/say.ts';
import { sqliteVersion } from '../versions.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

/** `textops doctor`: what is wrong with this installation, and the one thing to do about each. Changes nothing. */
export const doctor = async (context: CliContext): Promise<ExitCode> => {
  const { voice } = context;
  const findings = await examine(context);
  if (voice.json) voice.document('doctor', findings);
  else {
    sayFindings(voice, findings);
    voice.talk(isSick(findings) ? checksFailed(findings) : 'Nothing is broken.');
  }
  return isSick(findings) ? EXIT.failed : EXIT.done;
};

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
    ...(settings.slack === undefined ? [] : [await checkSlack(settings.slack, settings.publicUrl)]),
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
