/** The payment's own fields as numbers, and how they agree with each other. */
import type { EntityKind } from '#src/domain/entity.ts';
import type { FeatureDefinition, FeatureUnit } from '#src/features/feature-definition.ts';

interface PaymentFieldWords {
  readonly name: string;
  readonly group: string;
  /** The entity whose history the payment is compared with. */
  readonly entity?: EntityKind;
  readonly unit: FeatureUnit;
  readonly meaning: string;
  readonly notSentWhen?: string;
  readonly noHistoryWhen?: string;
  readonly unreadableWhen?: string;
}

function define(words: PaymentFieldWords): FeatureDefinition {
  return { ...words, source: 'payment', metric: words.name, sentence: `${words.meaning}: {value}` };
}

function flag(name: string, group: string, meaning: string): FeatureDefinition {
  return define({ name, group, unit: 'flag', meaning, notSentWhen: 'the payment does not carry the field' });
}

function comparison(name: string, left: string, right: string): FeatureDefinition {
  return define({
    name,
    group: 'countries',
    unit: 'flag',
    meaning: `1 when the ${left} and the ${right} differ, 0 when they agree`,
    notSentWhen: 'one of the two is not known',
  });
}

const AMOUNT: readonly FeatureDefinition[] = [
  define({
    name: 'amount',
    group: 'amount',
    unit: 'minor units',
    meaning: 'the amount in the reference currency',
    unreadableWhen: 'it has no exchange rate',
  }),
  define({
    name: 'amount_is_round',
    group: 'amount',
    unit: 'flag',
    meaning: '1 when the amount is a multiple of a thousand minor units of its asset',
  }),
];

const TIME: readonly FeatureDefinition[] = [
  define({ name: 'hour', group: 'time_of_day', unit: 'code', meaning: 'hour of the day, UTC' }),
  define({
    name: 'weekday',
    group: 'time_of_day',
    unit: 'code',
    meaning: 'day of the week, UTC, Sunday is 0',
  }),
  define({
    name: 'lateness',
    group: 'lateness',
    unit: 'minutes',
    meaning: 'minutes from its feature time to its arrival',
  }),
];

const CHANNELS = ['web', 'app', 'pos', 'moto', 'recurring', 'transfer', 'verification'] as const;

const MANNER: readonly FeatureDefinition[] = [
  ...CHANNELS.map((channel) => flag(`channel_${channel}`, 'channel', `1 when the channel is ${channel}`)),
  flag('initiated_by_merchant', 'channel', '1 when the merchant, not the customer, initiated it'),
  flag(
    'merchant_category_liquid',
    'merchant_category',
    '1 when the category sells what is easily turned into money: transfers, quasi cash, gambling, digital goods, gift cards, electronics, jewellery',
  ),
];

const CARD: readonly FeatureDefinition[] = [
  flag('card_prepaid', 'card_facts', '1 when the card is prepaid'),
  flag('card_debit', 'card_facts', '1 when it is a debit card'),
  flag('card_wallet', 'card_facts', '1 when the card is in a device wallet'),
  define({
    name: 'cvc_result',
    group: 'checks',
    unit: 'code',
    meaning: 'card code: 1 passed, 0 unchecked or unavailable, -1 failed',
    notSentWhen: 'the payment does not carry the field',
  }),
  define({
    name: 'avs_result',
    group: 'checks',
    unit: 'code',
    meaning: 'address check: 1 passed, 0 unchecked or unavailable, -1 failed',
    notSentWhen: 'the payment does not carry the field',
  }),
  define({
    name: 'authentication_result',
    group: 'authentication',
    unit: 'code',
    meaning: 'customer authentication: 2 authenticated, 1 attempted, 0 unavailable, -1 failed, -2 rejected',
    notSentWhen: 'the payment does not carry the field',
  }),
  flag('liability_shifted', 'authentication', '1 when the liability has shifted to the issuer'),
];

const CUSTOMER: readonly FeatureDefinition[] = [
  define({
    name: 'customer_age',
    group: 'customer',
    unit: 'days',
    meaning: 'days since the customer registered',
    notSentWhen: 'the payment does not carry the field',
  }),
  flag('customer_guest', 'customer', '1 when the customer buys as a guest'),
  flag('email_domain_free', 'customer', '1 when the e-mail is with a provider that anyone can join'),
  define({
    name: 'score_of_others',
    group: 'score_of_others',
    unit: 'share',
    meaning: 'the highest score that others gave',
    notSentWhen: 'the payment does not carry the field',
  }),
];

const COUNTRIES: readonly FeatureDefinition[] = [
  comparison('billing_shipping_differ', 'billing country', 'shipping country'),
  comparison('card_billing_differ', "card's country", 'billing country'),
  comparison('card_ip_differ', "card's country", 'country of the address'),
  comparison('card_merchant_differ', "card's country", "merchant's country"),
  comparison('billing_ip_differ', 'billing country', 'country of the address'),
  comparison('language_card_differ', "region of the device's language", "card's country"),
  define({
    name: 'account_country_changes_24h',
    group: 'countries',
    entity: 'account',
    unit: 'payments',
    meaning: "changes of the address's country over the account's attempts in 24 hours, this one included",
    notSentWhen: 'the country of the address is not known',
    noHistoryWhen: 'no country was known in 24 hours',
  }),
];

const DEVICE: readonly FeatureDefinition[] = [
  define({
    name: 'device_assurance',
    group: 'device_facts',
    unit: 'code',
    meaning:
      'how the device id was made: 3 by hardware, 2 by a client library, 1 guessed by a server, 0 not said',
    notSentWhen: 'the payment names no device',
  }),
  flag('user_agent_mobile', 'device_facts', '1 when the user agent is a phone or a tablet'),
  flag(
    'user_agent_bot',
    'device_facts',
    '1 when the user agent is a program, an automated or a headless browser',
  ),
  flag('user_agent_old', 'device_facts', '1 when the browser is of a version from before 2022'),
  define({
    name: 'user_agent_system',
    group: 'device_facts',
    unit: 'code',
    meaning: 'operating system: 1 Windows, 2 macOS, 3 iOS, 4 Android, 5 Linux, 6 ChromeOS, 0 another',
    notSentWhen: 'the payment does not carry the field',
  }),
];

/** What this source normally sends and this payment lacks: tampering, or a client that is not the real one. */
const ABSENT: readonly FeatureDefinition[] = (['card', 'device', 'network'] as const).map((what) =>
  define({
    name: `creditor_${what}_usual_absent`,
    group: 'usually_sent',
    entity: 'creditor',
    unit: 'share',
    meaning: `share of the creditor's newest 64 attempts in 30 days that name a ${what}, when this one names none; 0 when it does`,
    noHistoryWhen: 'nothing was attempted with the creditor in 30 days',
  }),
);

export const PAYMENT_FEATURES: readonly FeatureDefinition[] = [
  ...AMOUNT,
  ...TIME,
  ...MANNER,
  ...CARD,
  ...CUSTOMER,
  ...COUNTRIES,
  ...DEVICE,
  ...ABSENT,
];
