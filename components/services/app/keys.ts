import type { Output } from "@pulumi/pulumi";
import { fact } from "../kit/fact.ts";
import type { Facts } from "../kit/template.ts";

/** What the app signs and encrypts with, for itself and for those that work on the same data. */
export interface AppKeys {
  readonly jwtSecret: Output<string>;
  readonly encryptionKey: Output<string>;
}

export function keyFacts({ jwtSecret, encryptionKey }: AppKeys): Facts {
  return { "app.jwtSecret": fact(jwtSecret), "app.encryptionKey": fact(encryptionKey) };
}
