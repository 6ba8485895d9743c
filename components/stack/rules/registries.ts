import { problem, type Rule } from "../../settings/kit/rule.ts";
import { mirrorsOf } from "../mirrors.ts";
import type { Settings } from "../settings.ts";

/** Logins that are whole, and one mirror for an image. */
export const registryRules: readonly Rule<Settings>[] = [
  ({ registries }) =>
    Object.entries(registries).flatMap(([host, { username, password }]) => {
      if ((username === undefined) === (password === undefined)) return [];
      const [missing, allowed] =
        username === undefined
          ? ["username", "a user name with password"]
          : ["password", "{ secret: NAME } with username"];
      return [problem(`registries.${host}.${missing}`, "nothing", allowed, "set it, or remove both")];
    }),
  ({ registries }) =>
    Object.entries(registries).flatMap(([host, login]) =>
      Object.keys(login).length === 0
        ? [problem(`registries.${host}`, "an empty map", "a login or a mirror", "set one, or remove it")]
        : [],
    ),
  ({ registries, images }) => {
    const mirrored = Object.keys(mirrorsOf({ registries }));
    return images.registry !== undefined && mirrored.length > 0
      ? problem(
          "images.registry",
          "a mirror of every registry",
          `nothing with registries.${mirrored[0] ?? ""}.mirror`,
          "remove one of the two",
        )
      : undefined;
  },
];
