/** Turns what comes out of a world into the product's commands, through the readers that serve HTTP. */
import type { Command } from '#src/domain/commands.ts';
import { accountReaders } from '#src/ingest/account-readers.ts';
import type { ReadResult } from '#src/ingest/body-reader.ts';
import type { CommandReaderDeps } from '#src/ingest/command-reader.ts';
import { knowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import { paymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import type { WorldItem } from '#training/world/world-item.ts';

function contentOf<Content>(result: ReadResult<Content>, { body }: WorldItem): Content {
  if (result.ok) return result.content;
  throw new Error(`the world made ${body.id}, which the product refuses: ${JSON.stringify(result)}`);
}

export function worldCommands(deps: CommandReaderDeps): (item: WorldItem) => Command {
  const payments = paymentReader(deps);
  const { openAccount, transfer } = accountReaders(deps);
  const { signal, label } = knowledgeReaders(deps);
  const { reverse } = paymentActionReaders(deps);
  return (item) => {
    switch (item.kind) {
      case 'payment':
        return contentOf(payments.read(item.body), item).command;
      case 'account':
        return contentOf(openAccount.read(item.body, ''), item);
      case 'transfer':
        return contentOf(transfer.read(item.body, ''), item);
      case 'signal':
        return contentOf(signal.read(item.body, ''), item);
      case 'label':
        return contentOf(label.read(item.body, ''), item);
      case 'reversal':
        return contentOf(reverse.read(item.body, item.paymentId), item);
    }
  };
}
