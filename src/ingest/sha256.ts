/** SHA-256 as 32 bytes. Asking for text and copying it is a third cheaper than asking Node for a buffer. */
import { hash } from 'node:crypto';

export function sha256(data: string | Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1');
}
