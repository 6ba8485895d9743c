import { Output } from "@pulumi/pulumi";

/** One thing about a service that a variable of the app can name. */
export interface Fact {
  /** Secret where it is an output. */
  readonly value: string | Output<string>;
  /** Whether it is a URL or an address, which stands in another URL as it is. @default false */
  readonly isAddress?: boolean;
}

export const fact = (value: string | number | Output<string>): Fact => ({
  value: typeof value === "number" ? String(value) : value,
});

export const address = (value: string | Output<string>): Fact => ({ value, isAddress: true });

/** A URL for browsers, without the slash at its end. */
export const publicAddress = (url: string): Fact => address(url.replace(/\/$/, ""));

/** Whether a value must not be seen. */
export function isSecret(value: string | Output<string>): value is Output<string> {
  return Output.isInstance(value);
}
