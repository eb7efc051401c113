import { hash } from 'node:crypto';

/** SHA-256 of UTF-8 text, lower-case hex. The one place where core leaves plain TypeScript; it is a pure function. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');
