import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Hex SHA-256 of bytes or text. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Hex SHA-256 of a JSON value in canonical form (RFC 8785), so that the order of keys does not matter. */
export function digestOf(value: unknown): string {
  return sha256(canonicalize(value) ?? 'undefined');
}
