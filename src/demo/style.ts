/** Colours and marks of the terminal; none where nobody looks, or where NO_COLOR asks for none. */

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly accent: (text: string) => string;
}

const plain = (text: string): string => text;
const PLAIN: Style = { bold: plain, dim: plain, good: plain, bad: plain, warn: plain, accent: plain };

export function createStyle(hasColour: boolean): Style {
  if (!hasColour) return PLAIN;
  const sgr = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`;
  return { bold: sgr(1), dim: sgr(2), good: sgr(32), bad: sgr(31), warn: sgr(33), accent: sgr(36) };
}

/** `1,234.50 EUR` from minor units of an asset with two decimals. */
export function euros(minor: number): string {
  return `${amount(minor)} EUR`;
}

/** `1,234.50`. */
export function amount(minor: number): string {
  return (minor / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
