import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Answer, Call, World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a schema names its fields it means all of them, unless it says that there may be others. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const inside = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]));
  const namesFields = isObject(value['properties']) && value['type'] === 'object';
  return namesFields && !('additionalProperties' in value)
    ? { ...inside, additionalProperties: false }
    : inside;
};

const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

export interface Described {
  /** Calls, and says what in the answer is not as it is described; nothing when all of it is. */
  readonly call: (
    template: string,
    path: string,
    call?: Call,
  ) => Promise<Answer & { readonly faults: unknown }>;
  /** Whether the description takes a body. */
  readonly takes: (template: string, method: string, body: unknown) => boolean;
}

/** The routes as a client knows them who has read nothing but `/openapi.json`. */
export const described = async ({ call }: Pick<World, 'call'>): Promise<Described> => {
  const document = closed((await call('/openapi.json', { as: 'boss' })).json) as Json;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addSchema(document, 'api');
  const validator = (place: string): ValidateFunction => {
    const found = ajv.getSchema(`api#/${place}`);
    if (found === undefined) throw new Error(`nothing is described at ${place}`);
    return found;
  };
  return {
    call: async (template, path, how = {}) => {
      const answer = await call(path, how);
      const method = (how.method ?? (how.json === undefined ? 'GET' : 'POST')).toLowerCase();
      const media = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
      const { responses } = (document['paths'] as Record<string, Record<string, { responses: Json }>>)[
        template
      ]?.[method] ?? { responses: {} };
      const status = String(answer.status) in responses ? String(answer.status) : 'default';
      const place = pointer('paths', template, method, 'responses', status, 'content', media, 'schema');
      const isAsDescribed = validator(place);
      isAsDescribed(answer.json ?? answer.text);
      return { ...answer, faults: isAsDescribed.errors ?? [] };
    },
    takes: (template, method, body) => {
      const place = pointer(
        'paths',
        template,
        method,
        'requestBody',
        'content',
        'application/json',
        'schema',
      );
      return validator(place)(body);
    },
  };
};
