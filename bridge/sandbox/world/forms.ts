/** Brazil with and without the ninth digit, Mexico with and without 1, Argentina with and without 9. */
const FORMS: readonly [RegExp, string][] = [
  [/^(55\d\d)9([6-9]\d{7})$/, "$1$2"],
  [/^(?<area>55\d\d)(?<line>[6-9]\d{7})$/, "$<area>9$<line>"],
  [/^521(\d{10})$/, "52$1"],
  [/^52(\d{10})$/, "521$1"],
  [/^549(\d{10})$/, "54$1"],
  [/^54(\d{10})$/, "549$1"],
];

/** The other form people dial a number in, in digits; undefined when there is none. Only one of the two has an account. */
export function otherForm(digits: string): string | undefined {
  const found = FORMS.find(([from]) => from.test(digits));
  return found && digits.replace(...found);
}
