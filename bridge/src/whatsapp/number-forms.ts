/**
 * The forms one phone number may have on WhatsApp. Some countries changed their numbering after people had joined: the
 * account keeps the form it was made with, and only WhatsApp knows which one that is.
 */

interface Rule {
  from: RegExp;
  to: string;
}

/**
 * Brazil: mobiles got a ninth digit before a first digit 6 to 9; what begins with 2 to 5 is a landline, a number of somebody
 * else's. Mexico: 1 after the country code until 2019. Argentina: 9 after the country code for mobiles from abroad.
 */
const RULES: readonly Rule[] = [
  { from: /^\+55(?<area>[1-9]{2})9(?<line>[6-9]\d{7})$/, to: "+55$<area>$<line>" },
  { from: /^\+55(?<area>[1-9]{2})(?<line>[6-9]\d{7})$/, to: "+55$<area>9$<line>" },
  { from: /^\+521(?<line>\d{10})$/, to: "+52$<line>" },
  { from: /^\+52(?<line>\d{10})$/, to: "+521$<line>" },
  { from: /^\+549(?<line>\d{10})$/, to: "+54$<line>" },
  { from: /^\+54(?<line>\d{10})$/, to: "+549$<line>" },
];

/** The number as it was given, then the other form it may have. */
export function formsOf(number: string): readonly string[] {
  const rule = RULES.find(({ from }) => from.test(number));
  return rule === undefined ? [number] : [number, number.replace(rule.from, rule.to)];
}
