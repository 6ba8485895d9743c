/** A regular expression for the whole numbers from 0 to one, without leading zeros. Traefik compares texts, not numbers. */
export function atMost(limit: number): string {
  const digits = String(limit);
  const below = Array.from(digits).flatMap((digit, at) => {
    // The first digit of a longer number is no zero.
    const [least, most] = [at === 0 && digits.length > 1 ? 1 : 0, Number(digit) - 1];
    return most < least ? [] : [`${digits.slice(0, at)}${range(least, most)}${any(digits.length - at - 1)}`];
  });
  const shorter = digits.length === 1 ? [] : ["0", `[1-9][0-9]{0,${digits.length - 2}}`];
  return [...shorter, ...below, digits].join("|");
}

function range(least: number, most: number): string {
  return least === most ? String(least) : `[${least}-${most}]`;
}

function any(count: number): string {
  return count === 0 ? "" : `[0-9]{${count}}`;
}
