/** One writer for a data folder; who else may be there is not its business (readers need no lock). */

export interface DataFolderLock {
  /** Gives the folder up. Safe to call twice. A process that is killed gives it up too. */
  release(): void;
}

/** Another process writes in this folder. Trying again helps once that one has ended. */
export class DataFolderLocked extends Error {
  override readonly name = 'DataFolderLocked';
  readonly folder: string;
  /** `null` if the holder has not said. */
  readonly holderPid: number | null;

  constructor(folder: string, holderPid: number | null) {
    const holder = holderPid === null ? 'another process' : `process ${holderPid}`;
    super(`${folder} is in use by ${holder}; stop it first, or ask it by HTTP`);
    this.folder = folder;
    this.holderPid = holderPid;
  }
}
