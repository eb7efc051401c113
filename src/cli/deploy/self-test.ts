import { EXIT } from '../voice/exit-codes.ts';
import { ofRelease } from './of-release.ts';
import type { Place } from './place.ts';

/** How a release that was just started turned out. Without `trouble` it serves. */
export interface Outcome {
  readonly trouble?: string;
  /** What nobody could find out, because somebody had stopped it. */
  readonly remark?: string;
}

/**
 * Whether a release that is ready does any work: one run of its own through the real queue, asked for by its own command line, since only
 * that knows its database. A queue that somebody has stopped is no fault of the release, and neither is that it is older than
 * this test.
 */
export const provesItself = async (place: Place, id: string, withinMs: number): Promise<Outcome> => {
  const wait = `${Math.ceil(withinMs / 1000)}s`;
  const { code, stdout, lines } = await ofRelease(place, id, ['selftest', '--quiet', '--wait', wait]);
  const said = stdout.trim() || lines.at(-1) || `exit ${code}`;
  switch (code) {
    case EXIT.done:
      return {};
    case EXIT.refused:
      return { remark: said };
    case EXIT.usage:
      return { remark: `${id} is older than the self-test.` };
    default:
      return { trouble: said.replace(/\.$/, '') };
  }
};
