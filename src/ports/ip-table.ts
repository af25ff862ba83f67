/** A dated table of who was given which addresses. It is named in the log, so that a replay can ask for the same one. */
import type { IpAddress } from '#src/domain/ip-address.ts';

export interface IpOrigin {
  /** ISO 3166-1 alpha-2; undefined when the table does not say. */
  readonly country: string | undefined;
  /** Number of the autonomous system; 0 when the table does not say. */
  readonly autonomousSystem: number;
}

export interface IpTable {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the table's content, hexadecimal. */
  readonly digest: string;
  readonly originOf: (address: IpAddress) => IpOrigin;
}
