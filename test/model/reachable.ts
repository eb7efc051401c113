/** What has to happen somewhere in a thousand histories, or they prove less than they seem to. */
export const REACHABLE: readonly string[] = [
  'absent to AwaitingApproval',
  'absent to Dispatching',
  ...['Approved', 'Dispatching', 'Denied', 'Expired', 'Canceled', 'Failed'].map(
    (to) => `AwaitingApproval to ${to}`,
  ),
  ...['Dispatching', 'Expired', 'Canceled', 'AwaitingApproval'].map((to) => `Approved to ${to}`),
  ...['Running', 'Expired', 'Canceled', 'AwaitingApproval'].map((to) => `Dispatching to ${to}`),
  ...['Succeeded', 'Failed', 'Canceled', 'Dispatching', 'AwaitingApproval'].map((to) => `Running to ${to}`),
  ...['Failed', 'Canceled', 'Expired'].map((from) => `${from} to AwaitingApproval`),
  ...['approved', 'counted', 'denied', 'given up', 'canceled', 'starting', 'started again', 'asks again'].map(
    (kind) => `told ${kind}`,
  ),
  ...['stranger', 'right', 'own', 'voted', 'late', 'stale', 'none', 'which', 'no run', 'no job'].map(
    (kind) => `told ${kind}`,
  ),
  ...['not yet', 'light', 'gates', 'over', 'start', 'nothing', 'recorded', 'held'].map(
    (kind) => `told ${kind}`,
  ),
  ...[
    'asks',
    'lost',
    'void',
    'ready',
    'denied',
    'canceled',
    'expired',
    'succeeded',
    'failed',
    'starting',
  ].map((kind) => `news ${kind}`),
];
