import type { Problem } from "../../components/model/problem.ts";

/** Why an image is not pulled: the registry refuses whoever asks, knows no such image, or does not answer. */
export type PullFailure = "refused" | "unknown" | "unreachable";

export interface FailedPull {
  readonly reference: string;
  readonly host: string;
  /** The reason in the words of whoever asked. */
  readonly said: string;
  /** Whom the stack logs in as there. @default - nobody */
  readonly login: { readonly username: string } | undefined;
  /** What would have pulled it, such as `the host`. */
  readonly puller: string;
}

/** What an operator reads of an image that cannot be pulled. */
export function pullFailed(pull: FailedPull, failure: PullFailure): Problem {
  const { reference, said } = pull;
  return {
    got: `${reference}: ${said}`,
    allowed: "an image that is there or can be pulled",
    fix: FIXES[failure](pull),
  };
}

const FIXES: Readonly<Record<PullFailure, (pull: FailedPull) => string>> = {
  refused: ({ host, login }) =>
    login === undefined
      ? `${host} has no such image for those who do not log in: check the name, or set apprun:registries.${host} with a login`
      : `${host} refuses ${login.username}, the login of apprun:registries.${host}, or has no such image`,
  unknown: ({ host }) => `${host} has no such tag or digest: check it, or bring the image: node cli/bin.mjs image push`,
  unreachable: ({ host, puller }) =>
    `${puller} does not reach ${host}: check its network, set a mirror with apprun:registries.${host}.mirror, or bring the image: node cli/bin.mjs image push`,
};
