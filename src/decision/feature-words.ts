/** How features are told to people. The feature catalogue knows; whoever composes hands it in. */

export interface FeatureWords {
  /** The catalogue's name of the feature. */
  name(index: number): string;
  /** The value in words: "7", "2 hours", "no history". */
  value(index: number, value: number): string;
  /** One sentence about this value: "seventh card on this device in ten minutes". */
  sentence(index: number, value: number): string;
}
