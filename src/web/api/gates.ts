import { GATES } from '../../core/jobs/feature-gates.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { Route, WebDeps } from '../web-deps.ts';

export const gateRoutes = ({ rooms }: WebDeps): readonly Route[] => [
  {
    method: 'GET',
    path: '/gates',
    access: 'gates.read',
    handle: async (c) => {
      const states = await rooms.store.gates.list();
      return c.json({
        gates: states.map(({ name, open, value, by, at }) => ({
          name,
          open,
          value: value ?? null,
          needs: GATES[name].needs,
          by: by ?? null,
          at: at === undefined ? null : isoOf(at),
        })),
      });
    },
  },
];
