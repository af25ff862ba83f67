/** Imports through a running server. Payments that follow each other go together, in order. */
import type { Importer } from './shard-importer.ts';
import type { ImportLine } from './import-line.ts';
import type { ImportReport } from './import-report.ts';

const BATCH_LINES = 500;

export interface ServerImporterParts {
  readonly url: string;
  /** Undefined for a server without tokens. */
  readonly token: string | undefined;
  readonly report: ImportReport;
}

type BodyLine = Exclude<ImportLine, { kind: 'unreadable' }>;

interface AnswerLine {
  readonly type?: string;
  readonly status?: string | number;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export class ServerImporter implements Importer {
  readonly #parts: ServerImporterParts;
  #payments: BodyLine[] = [];

  constructor(parts: ServerImporterParts) {
    this.#parts = parts;
  }

  async take(line: ImportLine): Promise<void> {
    if (line.kind === 'unreadable') return this.#parts.report.refuse(line.number, line.problem);
    if (line.kind === 'payment') {
      this.#payments.push(line);
      if (this.#payments.length >= BATCH_LINES) await this.#sendPayments();
      return;
    }
    await this.#sendPayments();
    await this.#sendOne(line.kind === 'account' ? '/v1/accounts' : '/v1/transfers', line);
  }

  finish(): Promise<void> {
    return this.#sendPayments();
  }

  async #sendOne(path: string, { number, body }: BodyLine): Promise<void> {
    const { report } = this.#parts;
    const response = await this.#post(path, 'application/json', JSON.stringify(body));
    if (response.ok) return report.count(response.status === 201 ? 'done' : 'repeated');
    report.refuse(number, problemText((await response.json()) as AnswerLine));
  }

  async #sendPayments(): Promise<void> {
    const lines = this.#payments;
    if (lines.length === 0) return;
    this.#payments = [];
    const body = lines.map((line) => JSON.stringify(line.body)).join('\n');
    const response = await this.#post('/v1/payments/batch', 'application/x-ndjson', body);
    const text = await response.text();
    if (!response.ok) throw new Error(`the server answered ${response.status}: ${text.slice(0, 200)}`);
    const answers = text.split('\n').filter((line) => line !== '');
    for (const [index, line] of lines.entries()) this.#answered(line, answers[index]);
  }

  #answered({ number }: BodyLine, text: string | undefined): void {
    const { report } = this.#parts;
    if (text === undefined) return report.refuse(number, 'the server gave no answer');
    const answer = JSON.parse(text) as AnswerLine;
    if (typeof answer.status !== 'string') return report.refuse(number, problemText(answer));
    report.count('done');
    report.countPayment(answer.status);
  }

  #post(path: string, type: string, body: string): Promise<Response> {
    const { url, token } = this.#parts;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return fetch(url + path, { method: 'POST', headers: { 'content-type': type, ...authorization }, body });
  }
}

function problemText({ title, detail, errors = [] }: AnswerLine): string {
  if (errors.length > 0) return errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return detail ?? title ?? 'refused';
}
