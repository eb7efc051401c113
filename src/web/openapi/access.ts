import type { Access } from '../access/permissions.ts';
import type { IdentityProvider, Route } from '../web-deps.ts';
import type { Json } from './parts.ts';

/** Every operation with what it takes, read from the routes themselves: a permission, or nothing that a token could show. */
export const withAccess = (paths: Json, routes: readonly Route[]): Json => {
  const accesses = new Map<string, Access>(
    routes.map(({ method, path, access }) => [`${method} ${path}`, access]),
  );
  const described = (path: string, operations: object): Json =>
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => {
        const name = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
        const access = accesses.get(name);
        const open = access === 'open' || access === 'local' ? { security: [] } : {};
        return [method, { ...Object(operation), ...open, 'x-permission': access }];
      }),
    );
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [path, described(path, Object(operations))]),
  );
};

export const schemesOf = (provider: Pick<IdentityProvider, 'issuer'> | undefined): Json => ({
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of "textops token create", or one of API_TOKENS.',
  },
  ...(provider === undefined
    ? {}
    : {
        identityProvider: {
          type: 'openIdConnect',
          openIdConnectUrl: `${provider.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
          description:
            'A token of the identity provider for this audience, of somebody who is a person here.',
        },
      }),
});
