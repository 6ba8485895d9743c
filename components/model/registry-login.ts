import type { Output } from "@pulumi/pulumi";

/** Who pulls images from a registry. */
export interface RegistryLogin {
  /** The registry's host. */
  readonly host: string;
  readonly username: string;
  readonly password: Output<string>;
}
