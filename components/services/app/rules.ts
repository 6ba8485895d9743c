import type { Environment } from "../../settings/kit/environment.ts";
import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import { CONFIG_PATH } from "./config-path.ts";
import { NO_PATH } from "./paths-settings.ts";
import type { app } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ app: typeof app }> & {
  readonly platform: "docker" | "kubernetes";
  readonly images: Pins;
  readonly environment: Pick<Environment, "kind">;
};

/** Where the settings can name the app besides `app.image`. */
export interface Pins {
  readonly pins: { readonly apprun?: object | undefined };
}

/** Whether a stack runs the sample app: the settings name none. */
export function isSample({ image }: { readonly image?: object | undefined }, { pins }: Pins): boolean {
  return image === undefined && pins.apprun === undefined;
}

/** Replicas of the app and what they share. */
export const appRules: readonly Rule<Read>[] = [
  ({ app }) => {
    const replicas = app.autoscaling?.maxReplicas ?? app.replicas;
    return app.dbMaxConnections < replicas
      ? problem(
          "app.dbMaxConnections",
          String(app.dbMaxConnections),
          `at least 1 for each of ${replicas} replicas`,
          "raise it",
        )
      : undefined;
  },
  ({ app: { files } }) =>
    Object.hasOwn(files, CONFIG_PATH)
      ? problem(`app.files.${CONFIG_PATH}`, "a file", "other paths: app.config is written there", "set app.config")
      : undefined,
  ({ app, images, environment: { kind } }) =>
    isSample(app, images) && (kind === "staging" || kind === "prod")
      ? problem(
          "app.image",
          "nothing",
          "the image of your app: the sample app that dev, test and PR stacks run without one is of no use to anybody here",
          "name registry, repository and tag of your app: docs/your-app.md",
        )
      : undefined,
  ({ app, images }) =>
    app.image !== undefined && images.pins.apprun !== undefined
      ? problem("images.pins.apprun", "a map", "nothing with app.image", "set tag and digest in app.image")
      : undefined,
  ({ app: { image } }) =>
    image?.probeTool !== undefined && image.probeCommand !== undefined
      ? problem("app.image.probeCommand", "a list", "nothing with app.image.probeTool", "remove one of the two")
      : undefined,
  ({ app: { image }, platform }) =>
    image !== undefined && image.probeTool === undefined && image.probeCommand === undefined && platform === "docker"
      ? problem(
          "app.image",
          "neither probeTool nor probeCommand",
          "one of them on a Docker host, which runs health checks inside the container",
          "name what the image has",
        )
      : undefined,
  ({ app: { image, paths } }) =>
    paths.health === NO_PATH && image?.probeCommand === undefined
      ? problem(
          "app.paths.health",
          JSON.stringify(NO_PATH),
          "a path, unless app.image.probeCommand tells whether the app is healthy",
          "name the path or the command",
        )
      : undefined,
];
