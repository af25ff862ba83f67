/**
 * Owns money that comes in: after payday a credit line is paid back, and an account at a bank is
 * full again. Who has neither spends from cards and needs no money on the account.
 */
import { DAY_MS } from '#training/world/calendar.ts';
import type { Customer } from '#training/world/customers.ts';
import { ELSEWHERE } from '#training/world/stage.ts';
import type { Stage } from '#training/world/stage.ts';

const MONTH_MS = 30 * DAY_MS;

export function startPaydays(stage: Stage, customer: Customer, now: number): void {
  if (customer.purse.limit === null) return;
  settleUp(stage, customer, now);
  const pay = (moment: number): void => {
    settleUp(stage, customer, moment);
    stage.at(moment + MONTH_MS, pay);
  };
  stage.at(Math.floor(now + customer.random.unit() * MONTH_MS), pay);
}

function settleUp(stage: Stage, { account, purse }: Customer, now: number): void {
  const amount = purse.owed + purse.afterPayday;
  if (amount <= 0) return;
  stage.transfer({ from: ELSEWHERE, to: account, amount, reason: 'payday' }, now);
  purse.owed = -purse.afterPayday;
}
