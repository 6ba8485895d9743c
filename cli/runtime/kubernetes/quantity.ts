import { quantityToScalar } from "@kubernetes/client-node/dist/util.js";

/** An amount as Kubernetes writes it, such as `500m` or `1.5Gi`. The client's own function refuses fractions before a unit. */
export function quantity(text: string): number {
  const [, amount, unit = ""] = /^(\d+\.\d+)(\D+)$/.exec(text) ?? [];
  if (amount === undefined) return Number(quantityToScalar(text));
  return Number(amount) * Number(quantityToScalar(`1${unit}`));
}

/** The same in MiB, rounded down: the API gives back its own form, `1Gi` for `1024Mi`. */
export function quantityInMebibytes(text: string): number {
  return Math.floor(quantity(text) / 2 ** 20);
}
