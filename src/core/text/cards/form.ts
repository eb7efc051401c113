import type { ParamType } from '../../jobs/job.ts';

/** The parameters of a job as fields, all at once. What is sent off is the line `run JOB name=value …`. */
export interface Form {
  readonly jobKey: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly type: ParamType;
  readonly needed: boolean;
  /** What was said already, as it was written. */
  readonly value?: string;
  /** What it will be when nothing is said. */
  readonly preset?: string;
  /** The only values, as one would write them. */
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly lengthMax?: number;
}

/** A form for whoever pressed or wrote a moment ago. */
export interface OpenableForm {
  readonly form: Form;
  /** The channel's own permission to open it, which lasts for seconds. */
  readonly trigger?: string;
  /** Where it was asked for. */
  readonly chat: 'private' | 'group';
}
