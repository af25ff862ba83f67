/**
 * Answers NDJSON line by line, in order, while it is still coming: a bad line gets its own problem and
 * stops nothing. Neither side can run ahead of the other by more than a fixed number of lines.
 */
import { PROBLEM_KINDS } from './problem.ts';
import type { HttpReply } from './http-reply.ts';
import { problemReply, startStream } from './http-reply.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';
import { OrderedAnswers } from './ordered-answers.ts';
import { BODY_BYTES_MAX } from './read-body.ts';
import type { Call } from './route.ts';

export const NDJSON = 'application/x-ndjson';

/** Takes one line and calls back exactly once. */
export type TakeLine = (bytes: Buffer, answered: (reply: HttpReply) => void) => void;

const WRONG_TYPE = problemReply({
  type: 'unsupported-media-type',
  detail: `the content type must be ${NDJSON}`,
});
const TOO_LONG = problemReply({
  type: 'too-large',
  detail: `a line may have at most ${BODY_BYTES_MAX} bytes`,
});

/** True for the media types by which newline-delimited JSON goes. */
export function isNdjson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/(?:x-)?(?:ndjson|jsonl)\s*(?:;|$)/i.test(contentType);
}

/** The problem when it is not NDJSON; otherwise nothing, and the lines are answered. */
export async function answerLines(
  { request, response }: Call,
  take: TakeLine,
): Promise<HttpReply | undefined> {
  if (!isNdjson(request.headers['content-type'])) return WRONG_TYPE;
  startStream(response, NDJSON);
  const splitter = new LineSplitter(BODY_BYTES_MAX);
  const answers = new OrderedAnswers(response);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      for (const line of splitter.split(chunk)) await answerLine(line, answers, take);
    }
  } catch {
    // The client has gone; what it sent and is on its way is finished, with nobody to tell.
    return undefined;
  }
  for (const line of splitter.end()) await answerLine(line, answers, take);
  await answers.whenDone();
  response.end();
  return undefined;
}

async function answerLine({ number, bytes }: Line, answers: OrderedAnswers, take: TakeLine): Promise<void> {
  await answers.whenRoom();
  const fill = answers.open();
  const answered = (reply: HttpReply): void => fill(lineText(reply, number));
  if (bytes === undefined) answered(TOO_LONG);
  else take(bytes, answered);
}

/** A problem says which line it is about. */
function lineText({ status, text }: HttpReply, number: number): string {
  return status < PROBLEM_KINDS['not-json'].status ? `${text}\n` : `${text.slice(0, -1)},"line":${number}}\n`;
}
