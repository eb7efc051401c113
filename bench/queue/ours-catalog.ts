/** The jobs that are measured. All are played by the built-in demo, which succeeds at once unless it says otherwise. */
export const JOBS = { noop: 'noop', urgent: 'urgent', held: 'held' } as const;

export const catalogYaml = `jobs:
  ${JOBS.noop}:
    demo: {}
    effects: idempotent
  ${JOBS.urgent}:
    demo: {}
    effects: idempotent
    priority: 100
  ${JOBS.held}:
    demo: { behaviour: slow }
    effects: idempotent
    retry: { attempts: 3 }
`;
