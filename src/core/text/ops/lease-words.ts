import { formatDuration } from '../../time/duration.ts';
import type { Instant } from '../../time/instant.ts';
import type { Line } from '../cards/rich.ts';

interface Held {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
  readonly since: Instant;
  readonly until: Instant;
}

/** `/ops ticks`: what one process at a time does, and which one. */
export const leaseLines = (leases: readonly Held[], at: Instant): readonly Line[] =>
  leases.length === 0
    ? [['No process has taken anything upon itself yet.']]
    : leases.map(({ name, holder, fence, since, until }): Line => {
        const ms = Math.max(0, at - since);
        return until > at
          ? [`🟢 ${name}: ${holder}, for ${formatDuration(ms)}, fence ${fence}`]
          : [`🔴 ${name}: nobody at present, ${holder} was the last, fence ${fence}`];
      });
