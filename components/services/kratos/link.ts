import type { Link } from "../kit/link.ts";
import type { Kratos } from "./kratos.ts";

/** What the app is told of the login. */
export function kratosLink({ public: users, admin, ready }: Pick<Kratos, "public" | "admin" | "ready">): Link {
  return {
    environment: { KRATOS_PUBLIC_URL: `http://${users.address}`, KRATOS_ADMIN_URL: `http://${admin.address}` },
    connectsTo: [users, admin],
    dependsOn: [ready],
  };
}
