import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../deploy/systemd/', import.meta.url));
const UNITS = readdirSync(FOLDER).filter((name) => /\.(?:service|timer)$/.test(name));
const SERVICES = UNITS.filter((name) => name.endsWith('.service'));

/** What is set in a unit; a name may stand there several times. */
const settingsOf = (unit: string): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const line of readFileSync(`${FOLDER}${unit}`, 'utf8').split('\n')) {
    const [, name, value = ''] = /^([A-Z]\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
};

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const unlessThere = systemd ? '' : ' (skipped: there is no systemd-analyze on this machine)';

describe.skipIf(!systemd)(`to systemd${unlessThere}`, () => {
  test.each(UNITS)('%s is a unit without a fault', (unit) => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', `${FOLDER}${unit}`], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  test.each([
    ['textops.service', 2.5],
    ['textops-worker@.service', 4.0],
    ['textops-backup.service', 2.5],
  ])('%s is exposed by %d at most', (unit, most) => {
    const said = execFileSync(
      'systemd-analyze',
      ['security', '--offline=true', '--no-pager', `${FOLDER}${unit}`],
      {
        encoding: 'utf8',
      },
    );
    const [, exposure] = /Overall exposure level for \S+: (\d+\.\d)/.exec(said) ?? [];
    expect(Number(exposure)).toBeGreaterThan(0);
    expect(Number(exposure)).toBeLessThanOrEqual(most);
  });
});

test.each(SERVICES)('%s has no rights, no home and no way to more rights', (unit) => {
  const settings = settingsOf(unit);
  for (const name of ['NoNewPrivileges', 'PrivateTmp', 'PrivateDevices', 'ProtectHome', 'LockPersonality']) {
    expect([name, settings.get(name)]).toEqual([name, ['yes']]);
  }
  expect(settings.get('ProtectSystem')).toEqual(['strict']);
  expect(settings.get('CapabilityBoundingSet')).toEqual(['']);
  expect(settings.get('User')?.[0]).toMatch(/^textops(?:-worker)?$/);
  // It would end the JIT compiler, and the program with it.
  expect(settings.has('MemoryDenyWriteExecute')).toBe(false);
});

test.each(['textops.service', 'textops-worker@.service'])(
  '%s is started again after a fault, not after a bad configuration, and not for ever',
  (unit) => {
    const settings = settingsOf(unit);
    expect(settings.get('Restart')).toEqual(['on-failure']);
    expect(settings.get('RestartPreventExitStatus')).toEqual(['78 4']);
    expect(settings.get('StartLimitBurst')).toEqual(['5']);
    // The program stops within 25 s; who kills it before loses what it would have handed back.
    expect(Number(settings.get('TimeoutStopSec')?.[0])).toBeGreaterThan(25);
    expect(settings.get('KillMode')).toEqual(['mixed']);
    // The process ends itself when it is deaf; it tells no watchdog that it lives.
    expect(settings.has('WatchdogSec')).toBe(false);
  },
);

test('the bot looks before it starts, and the hands never get its secrets', () => {
  const bot = settingsOf('textops.service');
  expect(bot.get('ExecStartPre')?.[0]).toMatch(/ preflight --offline$/);
  const worker = settingsOf('textops-worker@.service');
  expect(worker.get('User')).not.toEqual(bot.get('User'));
  expect(worker.get('ExecStart')?.[0]).toMatch(/ worker --env-file \/opt\/textops\/worker\.env$/);
  expect(worker.get('PartOf')).toEqual(['textops.service']);
  expect(worker.get('WantedBy')).toEqual(['textops.service']);
});
