import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { ISealSigner, VerifySignature } from '../core/ports/history.ts';

/** Signs with a private key (Ed25519). */
export const sealSigner = (privateKey: KeyObject): ISealSigner => ({
  key: rawKey(createPublicKey(privateKey)),
  sign: (text) => sign(null, Buffer.from(text), privateKey).toString('hex'),
});

/** False for anything that is no key or no signature: it came from a database that somebody may have written to. */
export const verifier = (): VerifySignature => {
  const known = new Map<string, KeyObject>();
  const keyOf = (raw: string): KeyObject => {
    const key = known.get(raw) ?? createPublicKey({ key: jwkOf(raw), format: 'jwk' });
    known.set(raw, key);
    return key;
  };
  return (key, text, signature) => {
    if (!/^[0-9a-f]{64}$/.test(key) || !/^[0-9a-f]{128}$/.test(signature)) return false;
    return verify(null, Buffer.from(text), keyOf(key), Buffer.from(signature, 'hex'));
  };
};

/** The 32 bytes themselves; every format around them says the same. */
const rawKey = (key: KeyObject): string => {
  const { x = '' } = key.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
};

const jwkOf = (raw: string) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: Buffer.from(raw, 'hex').toString('base64url'),
});
