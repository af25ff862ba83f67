/** Writes the features that the payment's own fields make. */
import { NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import type { PaymentFacts, PaymentPersonal, PaymentRequest } from '#src/domain/payment.ts';
import { featureIndex } from '#src/features/feature-catalogue.ts';
import { DAY_MS } from '#src/features/feature-window.ts';
import { countryNumber } from '#src/features/key-layout.ts';
import { userAgentFacts } from '#src/features/user-agent.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ROUND_MINOR = 1000;

const CHANNELS = (['web', 'app', 'pos', 'moto', 'recurring', 'transfer', 'verification'] as const).map(
  (channel) => ({
    channel,
    feature: featureIndex(`channel_${channel}`),
  }),
);

const AT = {
  amount: featureIndex('amount'),
  isRound: featureIndex('amount_is_round'),
  hour: featureIndex('hour'),
  weekday: featureIndex('weekday'),
  lateness: featureIndex('lateness'),
  byMerchant: featureIndex('initiated_by_merchant'),
  liquid: featureIndex('merchant_category_liquid'),
  prepaid: featureIndex('card_prepaid'),
  debit: featureIndex('card_debit'),
  wallet: featureIndex('card_wallet'),
  cvc: featureIndex('cvc_result'),
  avs: featureIndex('avs_result'),
  authentication: featureIndex('authentication_result'),
  liability: featureIndex('liability_shifted'),
  customerAge: featureIndex('customer_age'),
  guest: featureIndex('customer_guest'),
  freeDomain: featureIndex('email_domain_free'),
  otherScore: featureIndex('score_of_others'),
  billingShipping: featureIndex('billing_shipping_differ'),
  cardBilling: featureIndex('card_billing_differ'),
  cardIp: featureIndex('card_ip_differ'),
  cardMerchant: featureIndex('card_merchant_differ'),
  billingIp: featureIndex('billing_ip_differ'),
  languageCard: featureIndex('language_card_differ'),
  assurance: featureIndex('device_assurance'),
  mobile: featureIndex('user_agent_mobile'),
  bot: featureIndex('user_agent_bot'),
  old: featureIndex('user_agent_old'),
  system: featureIndex('user_agent_system'),
} as const;

/**
 * ISO 18245 categories whose goods are money or as good as money: transfers, quasi cash, securities,
 * digital goods, electronics, jewellery, gift and department stores, gambling.
 */
const LIQUID_CATEGORIES: ReadonlySet<string> = new Set(
  '4829 5094 5311 5732 5734 5815 5816 5817 5818 5944 5947 6012 6050 6051 6211 6538 6540 7801 7802 7995'.split(
    ' ',
  ),
);

/** Providers where anyone can have an address within a minute. */
const FREE_DOMAINS: ReadonlySet<string> = new Set(
  'gmail.com googlemail.com yahoo.com hotmail.com outlook.com live.com aol.com gmx.de gmx.net web.de mail.ru yandex.ru qq.com 163.com icloud.com proton.me protonmail.com mail.com zoho.com'.split(
    ' ',
  ),
);

const CHECKS = { pass: 1, fail: -1, unavailable: 0, unchecked: 0 } as const;
const AUTHENTICATIONS = { authenticated: 2, attempted: 1, unavailable: 0, failed: -1, rejected: -2 } as const;
const ASSURANCES = { hardware: 3, client: 2, server: 1, unknown: 0 } as const;

/** What is known of the payment beside its own fields. */
export interface PaymentContext {
  readonly featureTime: number;
  readonly receivedAt: number;
  /** In minor units of the reference currency; below 0: no rate. */
  readonly amount: number;
  /** Number of the country of its address; 0: not known. */
  readonly ipCountry: number;
}

export function writePayment(
  { facts, personal }: PaymentRequest,
  context: PaymentContext,
  row: VectorRow,
): void {
  const { values, offset } = row;
  const { featureTime, receivedAt, amount } = context;
  values[offset + AT.amount] = amount < 0 ? UNREADABLE : amount;
  values[offset + AT.isRound] = Number(facts.amount % ROUND_MINOR === 0);
  values[offset + AT.hour] = Math.floor(featureTime / HOUR_MS) % 24;
  values[offset + AT.weekday] = (Math.floor(featureTime / DAY_MS) + 4) % 7;
  values[offset + AT.lateness] = Math.max(0, receivedAt - featureTime) / MINUTE_MS;
  writeManner(facts, row);
  writeCard(facts, row);
  writeCustomer(facts, featureTime, row);
  writeCountries(facts, { personal, ipCountry: context.ipCountry }, row);
  writeDevice(personal, row);
}

function writeManner({ channel, initiator, merchant }: PaymentFacts, { values, offset }: VectorRow): void {
  for (const one of CHANNELS) {
    values[offset + one.feature] = channel === undefined ? NOT_SENT : Number(channel === one.channel);
  }
  values[offset + AT.byMerchant] = initiator === undefined ? NOT_SENT : Number(initiator === 'merchant');
  const category = merchant?.category;
  values[offset + AT.liquid] = category === undefined ? NOT_SENT : Number(LIQUID_CATEGORIES.has(category));
}

function writeCard({ card, checks, authentication }: PaymentFacts, { values, offset }: VectorRow): void {
  const funding = card?.funding;
  const isKnown = funding !== undefined && funding !== 'unknown';
  values[offset + AT.prepaid] = isKnown ? Number(funding === 'prepaid') : NOT_SENT;
  values[offset + AT.debit] = isKnown ? Number(funding === 'debit') : NOT_SENT;
  values[offset + AT.wallet] = card === undefined ? NOT_SENT : Number(card.wallet !== undefined);
  values[offset + AT.cvc] = checks?.cvc === undefined ? NOT_SENT : CHECKS[checks.cvc];
  values[offset + AT.avs] = checks?.avs === undefined ? NOT_SENT : CHECKS[checks.avs];
  const result = authentication?.result;
  values[offset + AT.authentication] = result === undefined ? NOT_SENT : AUTHENTICATIONS[result];
  const shifted = authentication?.liabilityShifted;
  values[offset + AT.liability] = shifted === undefined ? NOT_SENT : Number(shifted);
}

function writeCustomer({ customer, scores }: PaymentFacts, now: number, { values, offset }: VectorRow): void {
  const createdAt = customer?.createdAt;
  values[offset + AT.customerAge] =
    createdAt === undefined ? NOT_SENT : Math.max(0, now - createdAt) / DAY_MS;
  values[offset + AT.guest] = customer?.guest === undefined ? NOT_SENT : Number(customer.guest);
  const domain = customer?.emailDomain;
  values[offset + AT.freeDomain] =
    domain === undefined ? NOT_SENT : Number(FREE_DOMAINS.has(domain.toLowerCase()));
  values[offset + AT.otherScore] = scores === undefined ? NOT_SENT : highest(scores);
}

function highest(scores: Readonly<Record<string, number>>): number {
  let most = NOT_SENT;
  for (const score of Object.values(scores)) most = Math.max(most, score);
  return most;
}

interface CountrySources {
  readonly personal: PaymentPersonal;
  readonly ipCountry: number;
}

function writeCountries(
  facts: PaymentFacts,
  { personal, ipCountry }: CountrySources,
  { values, offset }: VectorRow,
): void {
  const card = countryNumber(facts.card?.country);
  const billing = countryNumber(facts.billing?.country);
  const language = countryNumber(regionOf(personal.device?.language));
  values[offset + AT.billingShipping] = differ(billing, countryNumber(facts.shipping?.country));
  values[offset + AT.cardBilling] = differ(card, billing);
  values[offset + AT.cardIp] = differ(card, ipCountry);
  values[offset + AT.cardMerchant] = differ(card, countryNumber(facts.merchant?.country));
  values[offset + AT.billingIp] = differ(billing, ipCountry);
  values[offset + AT.languageCard] = differ(language, card);
}

/** The region of a BCP 47 tag: `DE` of `de-DE` and `zh-Hant-DE`. */
function regionOf(language: string | undefined): string | undefined {
  return language === undefined
    ? undefined
    : /[-_]([A-Za-z]{2})(?:[-_]|$)/.exec(language)?.[1]?.toUpperCase();
}

function differ(left: number, right: number): number {
  return left === 0 || right === 0 ? NOT_SENT : Number(left !== right);
}

function writeDevice({ device }: PaymentPersonal, { values, offset }: VectorRow): void {
  const assurance = device?.assurance ?? 'unknown';
  values[offset + AT.assurance] = device?.id === undefined ? NOT_SENT : ASSURANCES[assurance];
  const agent = device?.userAgent === undefined ? undefined : userAgentFacts(device.userAgent);
  values[offset + AT.mobile] = agent ? Number(agent.isMobile) : NOT_SENT;
  values[offset + AT.bot] = agent ? Number(agent.isBot) : NOT_SENT;
  values[offset + AT.old] = agent ? Number(agent.isOld) : NOT_SENT;
  values[offset + AT.system] = agent ? agent.system : NOT_SENT;
}
