import { spawnSync } from 'node:child_process';

/** Why a check with it was left out. */
export const NO_PROMTOOL = 'promtool is not installed here; deploy/prometheus/promtool.txt has what it said';

export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Prometheus' own checker, where there is one; undefined where there is none. */
export const promtool = (
  args: readonly string[],
  where: { readonly cwd?: string; readonly input?: string } = {},
): Said | undefined => {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { ...where, encoding: 'utf8' });
  return error === undefined ? { code: status, text: `${stdout}${stderr}` } : undefined;
};
