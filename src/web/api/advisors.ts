import type { Route, WebDeps } from '../web-deps.ts';

export const advisorRoutes = ({ rooms }: WebDeps): readonly Route[] => [
  {
    method: 'GET',
    path: '/ai/status',
    access: 'figures.read',
    handle: async (c) => c.json({ advisors: rooms.advice.status(await rooms.store.now()) }),
  },
];
