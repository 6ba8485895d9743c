import { repositoryOf, type ImageFacts } from "../../../components/model/images.ts";

/** What the runtime is asked for. */
export const referenceOf = (image: Pick<ImageFacts, "repository" | "tag"> & { readonly registry?: string }): string =>
  `${repositoryOf({ registry: "docker.io", ...image })}:${image.tag}`;

/** Programs that know nothing of this project, as an operator's settings name them. */
export const PUBLIC_APP = {
  image: {
    registry: "ghcr.io",
    repository: "websoft9/apprun",
    tag: "main-64bd14d",
    uid: 1000,
    gid: 1000,
    probeTool: "wget",
  },
  paths: { metrics: "none" },
  variablesPreset: "public",
} as const;

export const MINIFLUX = {
  image: { repository: "miniflux/miniflux", tag: "2.3.5", uid: 65534, gid: 65534, probeTool: "wget" },
  paths: { health: "/healthcheck", metrics: "none" },
  variablesPreset: "none",
  variables: {
    DATABASE_URL:
      "postgres://{database.user}:{database.password}@{database.host}:{database.port}/{database.name}?sslmode={database.sslMode}",
    BASE_URL: "{app.url}",
  },
  env: { RUN_MIGRATIONS: 1 },
} as const;
