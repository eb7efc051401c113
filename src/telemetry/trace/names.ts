/**
 * Every name that a span of ours may carry. Those without `textops.` are OpenTelemetry's semantic conventions 1.45.0; a test
 * holds them against that package, which the program itself does not need.
 */
export const ATTRIBUTE = {
  system: 'messaging.system',
  operation: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  pipeline: 'cicd.pipeline.name',
  pipelineRun: 'cicd.pipeline.run.id',
  pipelineResult: 'cicd.pipeline.result',
  exitCode: 'process.exit.code',
  errorType: 'error.type',
  actor: 'enduser.id',
  runId: 'textops.run.id',
  job: 'textops.job',
  intent: 'textops.intent',
  policy: 'textops.policy',
  decision: 'textops.decision',
  /** Seconds that a question was open, or an entry of the queue due, before somebody came. */
  wait: 'textops.wait_s',
  epoch: 'textops.epoch',
  attempt: 'textops.attempt',
  tries: 'textops.tries',
  worker: 'textops.worker.id',
} as const;

export const SEMCONV_SCHEMA = 'https://opentelemetry.io/schemas/1.45.0';

export type AttributeName = (typeof ATTRIBUTE)[keyof typeof ATTRIBUTE];

export type Attributes = Readonly<Partial<Record<AttributeName, string | number>>>;
