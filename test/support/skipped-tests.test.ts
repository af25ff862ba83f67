import { expect, test } from 'vitest';
import { findUnexcused, skippedTest } from '#test/support/skipped-tests.ts';

const gcc = skippedTest('test/faults.test.ts: the log on a full disk (needs gcc) > refuses');
const unnamed = skippedTest('test/other.test.ts: something');

test('a skipped test names the tool that its suite needs', () => {
  expect(gcc.needs).toBe('gcc');
  expect(unnamed.needs).toBeUndefined();
});

test.each([
  { requirement: undefined, unexcused: [] },
  { requirement: '', unexcused: [] },
  { requirement: 'all', unexcused: [gcc, unnamed] },
  { requirement: 'wrk, gcc', unexcused: [gcc, unnamed] },
  { requirement: 'wrk', unexcused: [unnamed] },
])('with $requirement required, what is missing is $unexcused', ({ requirement, unexcused }) => {
  expect(findUnexcused([gcc, unnamed], requirement)).toEqual(unexcused);
});
