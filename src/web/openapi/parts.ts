export type Json = Readonly<Record<string, unknown>>;

export const of = (schema: string): Json => ({ $ref: `#/components/schemas/${schema}` });
export const listOf = (schema: string): Json => ({ type: 'array', items: of(schema) });

export const fields = (properties: Json): Json => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

export const json = (description: string, schema: Json): Json => ({
  description,
  content: { 'application/json': { schema } },
});

export const body = (schema: Json): Json => ({ required: true, content: { 'application/json': { schema } } });

const PROBLEM: Json = {
  description: 'Why not, with a stable code.',
  content: { 'application/problem+json': { schema: of('Problem') } },
};

export const operation = (operationId: string, summary: string, more: Json, answers: Json): Json => ({
  operationId,
  summary,
  ...more,
  responses: { ...answers, default: PROBLEM },
});

export const parameter = (
  where: 'path' | 'query' | 'header',
  name: string,
  description: string,
  schema: Json,
): Json => ({
  in: where,
  name,
  description,
  required: where !== 'query',
  schema,
});

export const TEXT: Json = { type: 'string' };
