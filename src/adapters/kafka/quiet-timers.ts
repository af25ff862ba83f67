/**
 * The client's queue of requests asks for timers whose time is over, which Node 24 warns of each time a
 * process does it first. Harmless, and in nobody's interest: this one kind of warning is left out.
 */
const HARMLESS = 'TimeoutNegativeWarning';
let isQuiet = false;

export function quietTimers(): void {
  if (isQuiet) return;
  isQuiet = true;
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (...parameters: readonly unknown[]) => {
    if (parameters[1] !== HARMLESS) Reflect.apply(emitWarning, process, parameters);
  };
}
