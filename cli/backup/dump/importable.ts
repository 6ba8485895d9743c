import { APP_DATABASE } from "../../../components/services/app/index.ts";
import { ownServices } from "../../../components/services/own-services/index.ts";
import type { Settings } from "../../../components/stack/settings.ts";

/** What the stack calls the databases that hold an app's own data, and not that of a service whose versions know their schema. */
export function importable(settings: Settings): readonly string[] {
  const own = ownServices.roles(settings).flatMap(({ databases, idle = false }) => (idle ? [] : databases));
  return [APP_DATABASE.name, ...own];
}
