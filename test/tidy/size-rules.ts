/** Sizes that still fit on a screen and in a head. They are limits, not aims: aim for a third of them. */
import { fileRule } from '#test/tidy/house-rule.ts';
import type { HouseRule } from '#test/tidy/house-rule.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;
const PARAMETERS_MAX = 3;
/** A file longer than this begins by saying what it owns. */
const LINES_WITHOUT_HEADER_MAX = 60;

export const fileSizeRule: HouseRule = fileRule(`a file has at most ${FILE_LINES_MAX} lines`, (file) =>
  file.lineCount > FILE_LINES_MAX ? [`${file.path}: ${file.lineCount} lines`] : [],
);

export const functionSizeRule: HouseRule = fileRule(
  `a function has at most ${FUNCTION_LINES_MAX} lines`,
  (file) =>
    file.functions
      .filter(({ lineCount }) => lineCount > FUNCTION_LINES_MAX)
      .map(({ name, line, lineCount }) => `${file.path}:${line}: ${name} has ${lineCount} lines`),
);

export const parameterRule: HouseRule = fileRule(
  `a function has at most ${PARAMETERS_MAX} parameters`,
  (file) =>
    file.functions
      .filter(({ parameterCount }) => parameterCount > PARAMETERS_MAX)
      .map(
        ({ name, line, parameterCount }) =>
          `${file.path}:${line}: ${name} takes ${parameterCount}; pass an options object`,
      ),
);

export const headerRule: HouseRule = fileRule('a module says at its top what it owns', (file) => {
  const needsOne = /^(src|training)\//.test(file.path) && file.lineCount > LINES_WITHOUT_HEADER_MAX;
  return needsOne && !/^(#![^\n]*\n)?\/\*\*/.test(file.text)
    ? [`${file.path}: begins without a /** comment`]
    : [];
});
