import { isLocal } from '../access/guard.ts';
import { allows } from './allows.ts';
import type { Frame } from './page.ts';
import type { Visit } from './route.ts';
import { takeSaid } from './visitor.ts';
import { waitingFor } from './waiting.ts';

/** What every page shows around its own part. */
export const frameOf = async ({ deps, c, visitor, reader }: Visit): Promise<Frame> => {
  const said = takeSaid(c);
  const { mine } = await waitingFor(deps.rooms, visitor.person);
  return {
    profile: deps.profile,
    reader,
    visitor,
    chats: deps.localChat !== undefined && isLocal(c),
    opens: (needs) => allows(deps, visitor, needs),
    waiting: mine.length,
    ...(said === undefined ? {} : { said }),
  };
};
