import type { OnlyOne } from '../src/core/ports/leases.ts';

/** For a process that has no others beside it. */
export const alone: OnlyOne = ({ start }) => start(() => undefined);
