import { address } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import type { Kratos } from "./kratos.ts";

/** What the app is told of the login. */
export function kratosLink({
  public: users,
  admin,
  url,
  ready,
}: Pick<Kratos, "public" | "admin" | "url" | "ready">): Link {
  const [internalUrl, adminUrl] = [`http://${users.address}`, `http://${admin.address}`];
  return {
    facts: {
      "login.publicUrl": address(url.replace(/\/$/, "")),
      "login.internalUrl": address(internalUrl),
      "login.adminUrl": address(adminUrl),
    },
    environment: { KRATOS_PUBLIC_URL: internalUrl, KRATOS_ADMIN_URL: adminUrl },
    connectsTo: [users, admin],
    dependsOn: [ready],
  };
}
