import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import { CONFIG_PATH } from "./config-path.ts";
import { NO_PATH } from "./paths-settings.ts";
import type { app } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ app: typeof app }> & {
  readonly platform: "docker" | "kubernetes";
  readonly images: { readonly pins: { readonly apprun?: object | undefined } };
};

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
