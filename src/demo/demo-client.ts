/** Speaks to the demo's server like every client: JSON and NDJSON over HTTP. */

export interface DecidedPayment {
  readonly id: string;
  readonly status: string;
  readonly awaiting: { readonly for: string } | null;
  readonly decision: {
    readonly outcome: string;
    readonly score: number;
    readonly reasons: readonly { readonly code: string; readonly text: string }[];
  } | null;
}

export interface DemoClient {
  post(path: string, body: string): Promise<number>;
  /** One answer for each line, in order. */
  payBatch(lines: readonly string[]): Promise<readonly DecidedPayment[]>;
  get<T>(path: string): Promise<T>;
}

export function createDemoClient(url: string): DemoClient {
  const send = async (path: string, type: string, body: string) => {
    return fetch(url + path, { method: 'POST', headers: { 'content-type': type }, body });
  };
  return {
    async post(path, body) {
      const answer = await send(path, 'application/json', body);
      await answer.arrayBuffer();
      return answer.status;
    },
    async payBatch(lines) {
      const answer = await send('/v1/payments/batch', 'application/x-ndjson', lines.join('\n'));
      const text = await answer.text();
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as DecidedPayment);
    },
    async get<T>(path: string) {
      const answer = await fetch(url + path);
      return (await answer.json()) as T;
    },
  };
}
