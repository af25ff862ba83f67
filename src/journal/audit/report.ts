/** Says in words what does not hold. The position of the row is added by who asked. */
export type Report = (detail: string) => void;
