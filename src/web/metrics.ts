import type { Route, WebDeps } from './web-deps.ts';

/** Names of jobs are nobody's business, so it takes whoever may see figures. */
export const metricsRoutes = ({ metrics }: Pick<WebDeps, 'metrics'>): readonly Route[] =>
  metrics === undefined
    ? []
    : [
        {
          method: 'GET',
          path: '/metrics',
          access: 'figures.read',
          handle: async (c) => c.body(await metrics.read(), 200, { 'content-type': metrics.type }),
        },
      ];
