/** Owns how an item stands in a file that holds a whole stream: one JSON object a line. */
import type { WorldItem } from './world-item.ts';

/** A payment as it is; everything else under the name of its kind. */
export function streamLine(item: WorldItem): object {
  switch (item.kind) {
    case 'payment':
      return item.body;
    case 'reversal': {
      const at = new Date(item.at).toISOString();
      return { reversal: { at, paymentId: item.paymentId, ...item.body } };
    }
    case 'account':
    case 'transfer':
    case 'signal':
    case 'label':
      return { [item.kind]: item.body };
  }
}
