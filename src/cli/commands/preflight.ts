import { resolve } from 'node:path';
import { configHash } from '../../config/config-hash.ts';
import type { Settings } from '../../config/settings.ts';
import { backupVerifiedAt } from '../../program/verified-backup.ts';
import { approvalWarnings } from '../approval-warnings.ts';
import type { CliContext } from '../context.ts';
import { checkNode, checkSqlite } from '../doctor/check-host.ts';
import { checkOidc } from '../doctor/check-oidc.ts';
import { checkPort } from '../doctor/check-port.ts';
import { checkSlack } from '../doctor/check-slack.ts';
import { checkTelegram } from '../doctor/check-telegram.ts';
import { checkTwilio } from '../doctor/check-twilio.ts';
import { type Finding, ok, warning } from '../doctor/finding.ts';
import { isSick, sayFindings } from '../doctor/say.ts';
import { checkJobs } from '../preflight/check-jobs.ts';
import { checkModes, checkRoom } from '../preflight/check-room.ts';
import { checkSchema } from '../preflight/check-schema.ts';
import { judgeBackup } from '../preflight/judge-backup.ts';
import { sqliteVersion } from '../versions.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

export interface PreflightOptions {
  /** Leaves out whoever answers over a network, but for the database. */
  readonly offline: boolean;
}

/**
 * `textops preflight`: whether this release may start with this configuration on this machine. For machines: 0, 1 when the machine
 * does not fit, 78 when the configuration does not. It changes nothing; a provider that is away at the moment is no reason to stay down.
 */
export const preflight = async (context: CliContext, { offline }: PreflightOptions): Promise<ExitCode> => {
  const { voice } = context;
  // A configuration that cannot be read ends the command with 78 and all that is wrong, as it would end a start.
  const { settings, config, warnings } = await context.configuration();
  const { database, http } = settings;
  const { catalog, source, fileName } = config;
  const hash = configHash(settings, catalog);
  const ofMachine = [
    checkNode(process.versions.node),
    await checkSqlite(sqliteVersion),
    ...(await checkSchema(database)),
    ...(await checkRoom(database, context.io.cwd)),
    ...(await checkModes([resolve(context.io.cwd, context.flags.envFile ?? '.env'), settings.sealKeyFile])),
    await checkPort(http),
    judgeBackup(await backupVerifiedAt(database, context.io.cwd), context.io.now()),
    ...(offline ? [] : await askProviders(settings)),
  ];
  const ofConfig = [
    ok('config', `${source === 'file' ? fileName : 'samples'}, ${catalog.jobs.length} jobs, hash ${hash}`),
    ...[...warnings, ...approvalWarnings(catalog, settings)].map((line) =>
      warning('config', line, 'correct it'),
    ),
    ...(await checkJobs(config, context.environment().values)),
  ];
  const findings = [...ofConfig, ...ofMachine];
  if (voice.json) voice.document('preflight', { configHash: hash, findings });
  else {
    sayFindings(voice, findings);
    voice.talk(verdict(findings));
  }
  if (isSick(ofConfig)) return EXIT.badConfiguration;
  return isSick(ofMachine) ? EXIT.failed : EXIT.done;
};

const verdict = (findings: readonly Finding[]): string => {
  const count = (state: Finding['state']): number => findings.filter((each) => each.state === state).length;
  const errors = count('bad') === 1 ? '1 error' : `${count('bad')} errors`;
  const warnings = count('warning') === 1 ? '1 warning' : `${count('warning')} warnings`;
  return `${errors}, ${warnings}. Nothing was changed.`;
};

/** They may be away for a moment, or this machine may be; only their plain no would be worth staying down for. */
const askProviders = async (settings: Settings): Promise<readonly Finding[]> => {
  const { telegram, slack, twilio, oidc, publicUrl } = settings;
  const asked = await Promise.all([
    ...(telegram === undefined ? [] : [checkTelegram(telegram, publicUrl)]),
    ...(slack === undefined ? [] : [checkSlack(slack, publicUrl)]),
    ...(twilio === undefined ? [] : [checkTwilio(twilio, publicUrl)]),
    ...(oidc === undefined ? [] : [checkOidc(oidc)]),
  ]);
  return asked.map((finding) => (isAway(finding) ? { ...finding, state: 'warning' as const } : finding));
};

const isAway = ({ state, words }: Finding): boolean =>
  state === 'bad' && /does not answer|cannot be reached/.test(words);
