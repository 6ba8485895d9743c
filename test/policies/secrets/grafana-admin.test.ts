import { grafanaAdmin } from "../../../policies/secrets/grafana-admin.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END =
  "; allowed: GF_SECURITY_ADMIN_PASSWORD__FILE, or GF_SECURITY_ADMIN_PASSWORD from a Secret; give it the generated password";
const grafana = (...envs: string[]) => container({ envs, image: "sha256:0" }, "grafana");
const secretKeyRef = { name: "x", key: "y" };

describePolicy(grafanaAdmin, {
  passes: {
    "a file": grafana("GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/x"),
    "a Secret": deployment(
      { container: { env: [{ name: "GF_SECURITY_ADMIN_PASSWORD", valueFrom: { secretKeyRef } }] } },
      "grafana",
    ),
    "another service": container(),
    "an image that begins alike": container({ image: "grafana/grafana-image-renderer:1" }),
  },
  fails: {
    "the default": [
      grafana("GF_SECURITY_ADMIN_USER=admin", "GF_SECURITY_ADMIN_PASSWORD=admin"),
      `container "grafana": got admin/admin${END}`,
    ],
    "a file for something else": [
      grafana("GF_DATABASE_PASSWORD__FILE=/run/secrets/x"),
      `container "grafana": got no password, which is admin/admin${END}`,
    ],
    nothing: [grafana(), `container "grafana": got no password, which is admin/admin${END}`],
    "a plain password": [
      grafana("GF_SECURITY_ADMIN_PASSWORD=0123456789abcdef"),
      `container "grafana": got a plain GF_SECURITY_ADMIN_PASSWORD${END}`,
    ],
    "the image under another name": [
      container({ image: "mirror.example.com/grafana/grafana:12.4.0" }),
      `container "app": got no password, which is admin/admin${END}`,
    ],
    "a reference for something else": [
      deployment({ container: { env: [{ name: "OTHER", valueFrom: { secretKeyRef } }] } }, "grafana"),
      `Deployment "grafana", container "main": got no password, which is admin/admin${END}`,
    ],
  },
});
