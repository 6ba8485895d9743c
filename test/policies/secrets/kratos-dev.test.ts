import { noKratosDev } from "../../../policies/secrets/kratos-dev.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END = "got --dev; allowed: serve without --dev; remove the flag";
const kratos = (command: string[]) => container({ image: "sha256:0", command }, "kratos");

describePolicy(noKratosDev, {
  passes: {
    "a server": kratos(["serve", "-c", "/etc/config/kratos/kratos.yml", "--watch-courier"]),
    "a flag that begins alike": kratos(["serve", "--device=x"]),
    "a flag of a program whose image is only known by its id": container({ image: "sha256:0", command: ["--dev"] }),
    "a flag of another program": container({ command: ["--dev"] }),
  },
  fails: {
    "the flag": [kratos(["serve", "--dev"]), `container "kratos": ${END}`],
    "the flag in one string": [kratos(["serve -c x --dev --watch-courier"]), `container "kratos": ${END}`],
    "the image under another name": [
      deployment({ container: { image: "oryd/kratos:v1.3.1", args: ["serve", "--dev"] } }, "login"),
      `Deployment "login", container "main": ${END}`,
    ],
  },
});
