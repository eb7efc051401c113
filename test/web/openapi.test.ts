import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

/** `GET /runs/{id}` for every route. */
const documented = (paths: Readonly<Record<string, object>>): string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

const refsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' ? [String(each)] : refsIn(each)));
};

describe('/openapi.json', () => {
  test.each(['dev', 'production'] as const)(
    'in %s describes exactly the routes that exist',
    async (profile) => {
      const { app, call } = await world({ profile });
      const { json } = await call('/openapi.json', { as: 'boss' });
      const routes = app.routes
        .filter(({ method }) => method !== 'ALL')
        .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
      expect(documented(json.paths).toSorted()).toEqual([...new Set(routes)].toSorted());
      expect(json.openapi).toBe('3.1.0');
      expect(json.info.version).toBe('1.2.3');
    },
  );

  test('refers to nothing that it does not define, and defines nothing for nobody', async () => {
    const { call } = await world();
    const { json } = await call('/openapi.json');
    const refs = new Set(refsIn(json).map((ref) => ref.replace('#/components/schemas/', '')));
    expect([...refs].toSorted()).toEqual(Object.keys(json.components.schemas).toSorted());
  });

  test('every operation has an id of its own, and names the parameters of its path', async () => {
    const { call } = await world();
    const { json } = await call('/openapi.json');
    const ids: string[] = [];
    for (const [path, methods] of Object.entries<Record<string, Operation>>(json.paths)) {
      for (const operation of Object.values(methods)) {
        ids.push(operation.operationId);
        const named = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => `{${p.name}}`);
        expect(path.match(/\{\w+\}/g) ?? []).toEqual(named);
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a run has the fields that are described', async () => {
    const { call, say } = await world();
    const { schemas } = (await call('/openapi.json')).json.components;
    const answer = (await say('run demo')).json;
    const { run, events } = (await call(`/runs/${answer.runId}`)).json;
    expect(Object.keys(run).toSorted()).toEqual(schemas.Run.required.toSorted());
    expect(Object.keys(events[0]).toSorted()).toEqual(schemas.Event.required.toSorted());
    expect(Object.keys(answer).toSorted()).toEqual(schemas.DevAnswer.required.toSorted());
  });
});

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

test('the front says where to go', async () => {
  const { call } = await world();
  const { text, headers } = await call('/');
  expect(headers.get('content-type')).toContain('text/plain');
  expect(text.trimEnd().split('\n')).toHaveLength(3);
  expect(text).toContain('/openapi.json');
});
