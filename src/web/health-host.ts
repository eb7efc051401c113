import { OPS_LIMITS } from '../core/text/ops/ops-limits.ts';
import { checked } from '../loops/look.ts';
import type { Finding } from './finding.ts';
import type { HostFigures } from './web-deps.ts';

/** What is known of disk and backups, as a function of the database's time; nothing at all where nobody looks. */
export const hostOf = async (
  host: HostFigures | undefined,
): Promise<(at: number | undefined) => Readonly<Record<string, Finding>>> => {
  if (host === undefined) return () => ({});
  const [free, backup] = await Promise.all([checked(host.freeMb()), checked(host.backupAt())]);
  return (at) => ({
    disk: free.ok ? diskOf(free.value) : { status: 'degraded', reason: free.reason },
    backup: backup.ok ? backupOf(backup.value, at) : { status: 'degraded', reason: backup.reason },
  });
};

const diskOf = (freeMb: number): Finding => ({
  status: freeMb < OPS_LIMITS.freeMb ? 'degraded' : 'ok',
  free_mb: freeMb,
});

/** Who never made one is not told every time; the runbook is for those whose backups have stopped. */
const backupOf = (backupAt: number | undefined, at: number | undefined): Finding => {
  if (backupAt === undefined) return { status: 'ok', verified: false };
  if (at === undefined) return { status: 'ok', verified: true };
  const ageMs = Math.max(0, at - backupAt);
  return {
    status: ageMs > OPS_LIMITS.backupAgeMs ? 'degraded' : 'ok',
    age_h: Math.floor(ageMs / 3_600_000),
    verified: true,
  };
};
