import type { RegistryLogin } from "../model/registry-login.ts";
import type { Settings } from "./settings.ts";

/** The logins of the settings; their rules make sure that each is whole. */
export function registryLogins({ registries, ownSecrets }: Settings): readonly RegistryLogin[] {
  return Object.entries(registries)
    .flatMap(([host, { username, password }]): RegistryLogin[] => {
      const value = password && ownSecrets[password.secret];
      return username === undefined || value === undefined ? [] : [{ host, username, password: value }];
    })
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}
