/** All house rules that look at the parsed tree, in the order in which a reader meets them. */
import type { HouseRule } from '#test/tidy/house-rule.ts';
import { barrelRule, cycleRule, driverRule, specifierRule } from '#test/tidy/import-rules.ts';
import { directionRule, layerRule, purityRule } from '#test/tidy/layer-rules.ts';
import { emptyWordRule, interfacePrefixRule, kebabRule, mainExportRule } from '#test/tidy/name-rules.ts';
import { fileSizeRule, functionSizeRule, headerRule, parameterRule } from '#test/tidy/size-rules.ts';
import { codeTextRule, environmentRule, hiddenInputRule } from '#test/tidy/text-rules.ts';

export const HOUSE_RULES: readonly HouseRule[] = [
  layerRule,
  purityRule,
  directionRule,
  driverRule,
  specifierRule,
  barrelRule,
  cycleRule,
  emptyWordRule,
  interfacePrefixRule,
  kebabRule,
  mainExportRule,
  fileSizeRule,
  functionSizeRule,
  parameterRule,
  headerRule,
  codeTextRule,
  hiddenInputRule,
  environmentRule,
];
