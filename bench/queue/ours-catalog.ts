/** The jobs that are measured. All are played by the built-in demo, which succeeds at once unless it says otherwise. */
export const JOBS = { noop: 'noop', urgent: 'urgent', held: 'held' } as const;

// A filled queue is copied for every measurement for as long as the whole of them takes, and must not expire meanwhile.
export const catalogYaml = `jobs:
  ${JOBS.noop}:
    demo: {}
    effects: idempotent
    approval: { startBy: 24h }
  ${JOBS.urgent}:
    demo: {}
    effects: idempotent
    priority: 100
  ${JOBS.held}:
    demo: { behaviour: slow }
    effects: idempotent
    retry: { attempts: 3 }
`;
