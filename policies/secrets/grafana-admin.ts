import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";
import { isGrafana } from "../read/grafana.ts";

const PASSWORD = "GF_SECURITY_ADMIN_PASSWORD";

export const grafanaAdmin: ResourcePolicy = {
  kind: "resource",
  name: "grafana-admin",
  description: "Grafana has an administrator's password of its own: without one it is admin/admin.",
  enforcement: EVERYWHERE,
  allowed: `${PASSWORD}__FILE, or ${PASSWORD} from a Secret`,
  remedy: "give it the generated password",
  check: eachContainer((container) => {
    if (!isGrafana(container)) return [];
    const plain = container.env.find(({ key }) => key === PASSWORD);
    if (plain !== undefined) return plain.value === "admin" ? ["got admin/admin"] : [`got a plain ${PASSWORD}`];
    const given =
      container.env.some(({ key }) => key === `${PASSWORD}__FILE`) || container.secretEnv.includes(PASSWORD);
    return given ? [] : ["got no password, which is admin/admin"];
  }),
};
