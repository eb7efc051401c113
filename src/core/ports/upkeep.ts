import type { GateName, GateState } from '../jobs/feature-gates.ts';
import type { Instant } from '../time/instant.ts';

/**
 * A change beside runs and messages. It is written in the transaction of the commit that carries it, together with the
 * record that says who did it.
 */
export type Upkeep =
  | {
      readonly kind: 'gate';
      readonly name: GateName;
      readonly open: boolean;
      readonly value?: number;
      readonly by: string;
    }
  /** What the installation opened is in the history now. */
  | { readonly kind: 'gates_recorded'; readonly names: readonly GateName[] };

export interface IGates {
  /** Every gate there is, in the order of the list; one that nobody ever touched is closed. */
  list(): Promise<readonly GateState[]>;
  /** The gate as it was at most a second ago, and never older than a change of this process. */
  find(name: GateName): Promise<GateState>;
  /** Gates that were opened by the installation and whose record is still owed. */
  unrecorded(): Promise<readonly (GateState & { readonly at: Instant; readonly by: string })[]>;
}
