/**
 * What a person sees while the stream plays: a panel that is drawn again in place, with one run of
 * card testing followed attempt by attempt. Where no person looks, a line every few simulated days.
 */
import { isWithheld } from './campaign-report.ts';
import type { PlayedPayment } from './stream-player.ts';
import { bar } from '#src/cli/progress.ts';
import { createStyle, euros, type Style } from './style.ts';

const REDRAW_MS = 120;
const FOLLOWED_SHOWN = 9;
const BAR_CELLS = 40;
const DAY_MS = 86_400_000;
const LINE_EVERY_DAYS = 5;
const WIDTH = 79;

export interface LiveViewSettings {
  readonly stream: NodeJS.WriteStream;
  readonly totalPayments: number;
  readonly startsAt: number;
  /** The campaign that is followed. */
  readonly followed: string;
}

interface Counts {
  payments: number;
  approved: number;
  review: number;
  challenge: number;
  denied: number;
  rejected: number;
  postedMinor: number;
}

export class LiveView {
  readonly #settings: LiveViewSettings;
  readonly #style: Style;
  readonly #counts: Counts = {
    payments: 0,
    approved: 0,
    review: 0,
    challenge: 0,
    denied: 0,
    rejected: 0,
    postedMinor: 0,
  };
  readonly #followed: PlayedPayment[] = [];
  readonly #started = performance.now();
  #lastDay = 0;
  #drawnAt = 0;
  #drawnLines = 0;

  constructor(settings: LiveViewSettings) {
    this.#settings = settings;
    this.#style = createStyle(settings.stream.isTTY && process.stdout.hasColors());
  }

  add(played: PlayedPayment): void {
    this.#count(played);
    if (played.sent.truth.campaign === this.#settings.followed) this.#followed.push(played);
    if (this.#settings.stream.isTTY) this.#drawSometimes(played.sent.at);
    else this.#lineSometimes(played.sent.at);
  }

  end(at: number): void {
    if (this.#settings.stream.isTTY) this.#draw(at);
    else this.#line(at);
  }

  #count({ sent, decided }: PlayedPayment): void {
    const counts = this.#counts;
    counts.payments++;
    if (decided.status === 'posted') counts.postedMinor += sent.amount;
    const outcome = decided.decision?.outcome;
    if (outcome === 'approve') counts.approved++;
    else if (outcome === 'review') counts.review++;
    else if (outcome === 'challenge') counts.challenge++;
    else if (outcome === 'deny') counts.denied++;
    else counts.rejected++;
  }

  #lineSometimes(at: number): void {
    if (this.#dayOf(at) < this.#lastDay + LINE_EVERY_DAYS) return;
    this.#line(at);
  }

  #line(at: number): void {
    this.#lastDay = this.#dayOf(at);
    this.#settings.stream.write(`day ${this.#lastDay}: ${this.#countsLine()}\n`);
  }

  #drawSometimes(at: number): void {
    const now = performance.now();
    if (now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#draw(at);
  }

  #draw(at: number): void {
    const lines = this.#lines(at);
    const up = this.#drawnLines > 0 ? `\u001B[${this.#drawnLines}A` : '';
    this.#settings.stream.write(`${up}${lines.map((line) => `\u001B[K${line}`).join('\n')}\n`);
    this.#drawnLines = lines.length;
  }

  #lines(at: number): readonly string[] {
    const { bold, dim, accent } = this.#style;
    const { payments, postedMinor } = this.#counts;
    const share = payments / this.#settings.totalPayments;
    const rate = Math.round(payments / ((performance.now() - this.#started) / 1_000));
    return [
      `${bold(`day ${String(this.#dayOf(at)).padStart(2)}`)}  ${accent(bar(share, BAR_CELLS))} ${Math.round(share * 100)} %  ${dim(`${rate} payments/s`)}`,
      this.#countsLine(),
      dim(`${euros(postedMinor)} posted`),
      '',
      dim('One run of card testing, attempt by attempt'),
      ...this.#followedLines(),
    ];
  }

  #countsLine(): string {
    const { good, warn, bad } = this.#style;
    const { payments, approved, review, challenge, denied, rejected } = this.#counts;
    const parts = [
      `${payments} payments`,
      good(`${approved} approved`),
      warn(`${review} in review`),
      ...(challenge > 0 ? [warn(`${challenge} challenged`)] : []),
      bad(`${denied} denied`),
      ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ];
    return parts.join('  ');
  }

  #followedLines(): readonly string[] {
    const shown = this.#followed.slice(-FOLLOWED_SHOWN);
    const first = this.#followed.length - shown.length;
    const lines = shown.map((played, index) => this.#attemptLine(played, first + index + 1));
    const empty = Array.from({ length: FOLLOWED_SHOWN - lines.length }, () => '');
    return [...lines, ...empty];
  }

  #attemptLine(played: PlayedPayment, number: number): string {
    const { good, bad, warn, dim } = this.#style;
    const { sent, decided } = played;
    const time = new Date(sent.at).toISOString().slice(11, 19);
    const score = decided.decision ? decided.decision.score.toFixed(3) : '  –  ';
    const outcome = decided.decision?.outcome ?? decided.status;
    const colour = outcome === 'approve' ? good : isWithheld(played) && outcome === 'deny' ? bad : warn;
    const head = `${String(number).padStart(3)}  ${time}  ${euros(sent.amount).padStart(13)}  ${score}  `;
    const reason = mainReason(decided.decision?.reasons ?? []);
    const room = WIDTH - head.length - 10;
    return `${dim(head)}${colour(outcome.padEnd(9))} ${reason.slice(0, room)}`;
  }

  #dayOf(at: number): number {
    return Math.floor((at - this.#settings.startsAt) / DAY_MS) + 1;
  }
}

/** What drove the score says more than that it was high. */
function mainReason(reasons: readonly { readonly code: string; readonly text: string }[]): string {
  const telling = reasons.find(({ code }) => !code.startsWith('score_')) ?? reasons[0];
  return telling?.text ?? '';
}
