/** From the text of a policy file (YAML, of which JSON is a part) to the policy that decides. */
import { parseDocument } from 'yaml';
import type { LimitFeature } from './bind-limits.ts';
import { compilePolicy, type PolicyResult } from './compile-policy.ts';

/** Two hundred limits and bands with comments take a tenth of it. */
const POLICY_TEXT_MAX = 1 << 20;

export function readPolicy(text: string, features: readonly LimitFeature[]): PolicyResult {
  if (text.length > POLICY_TEXT_MAX) return broken(`longer than ${POLICY_TEXT_MAX} characters`);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return broken(firstLine(error.message));
  try {
    return compilePolicy(document.toJS(), features);
  } catch (failure) {
    // The YAML library refuses documents whose aliases would grow without bounds.
    if (failure instanceof ReferenceError) return broken(failure.message);
    throw failure;
  }
}

function broken(message: string): PolicyResult {
  return { ok: false, problems: [{ path: '', message }] };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
