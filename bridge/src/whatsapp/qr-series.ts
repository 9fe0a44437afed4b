/** The QR codes of one connection: WhatsApp gives a few of them, one after the other, then closes. */

const FIRST_QR_MS = 60_000;
const NEXT_QR_MS = 20_000;

/** QR codes WhatsApp gives a connection. */
const QRS = 6;

export class QrSeries {
  readonly #eachMs: number | undefined;
  #count = 0;
  #firstMs = 0;

  /** @param eachMs how long each is shown, in milliseconds; undefined for Baileys' 60 s, then 20 s */
  constructor(eachMs: number | undefined) {
    this.#eachMs = eachMs;
  }

  /** Another code is shown from now on. @returns until when, in unix ms */
  next(nowMs: number): number {
    const shownMs = this.#eachMs ?? (this.#count === 0 ? FIRST_QR_MS : NEXT_QR_MS);
    this.#count += 1;
    if (this.#count === 1) this.#firstMs = nowMs;
    return nowMs + shownMs;
  }

  /** True before the second one. */
  get isFirst(): boolean {
    return this.#count <= 1;
  }

  /** Until when all of them last, in unix ms; 0 before the first. */
  get lastUntilMs(): number {
    if (this.#firstMs === 0) return 0;
    return this.#firstMs + (this.#eachMs === undefined ? FIRST_QR_MS + (QRS - 1) * NEXT_QR_MS : QRS * this.#eachMs);
  }
}
