import { alerts } from "./alerts.ts";
import { commands } from "./commands.ts";
import { credentials } from "./credentials.ts";
import { images } from "./images.ts";
import { decisions } from "./decisions.ts";
import { diagrams } from "./diagrams.ts";
import { exampleTable } from "./examples.ts";
import type { Page } from "./page.ts";
import { pictures } from "./pictures.ts";
import { policies } from "./policies.ts";
import { ports } from "./ports.ts";
import { rotation } from "./rotation.ts";
import { schema } from "./schema.ts";
import { services } from "./services/services.ts";
import { settings } from "./settings.ts";

/** Everything that `npm run generate` writes. */
export const PAGES: readonly Page[] = [
  schema,
  settings,
  commands,
  alerts,
  credentials,
  decisions,
  exampleTable,
  images,
  policies,
  ports,
  rotation,
  ...services,
  ...pictures,
  ...diagrams,
];
