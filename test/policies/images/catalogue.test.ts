import { imageCatalogue } from "../../../policies/images/catalogue.ts";
import { container, describePolicy, remoteImage } from "../describe-policy.ts";

const END =
  ": got one that nobody chose; allowed: images that a service in components/services names, and those of app.image and services; add it to its service with its user, platforms and probe tool, or take one that is there";

describePolicy(imageCatalogue, {
  passes: {
    "Docker Hub's short name": remoteImage("postgres:17-alpine"),
    "a mirror": remoteImage("mirror.example.com:5000/hub/library/postgres:17-alpine"),
    "an image that the settings name": remoteImage("ghcr.io/example/shop:1.4.2"),
    "an image of an organization": container({ image: "oryd/kratos:v1.3.1" }),
  },
  context: {
    named: {
      images: ["ghcr.io/example/shop"],
      teamLabels: [],
      secretVariable: () => false,
      settingOf: () => undefined,
    },
  },
  fails: {
    "the path of an image that the settings name, in another registry": [
      remoteImage("example/shop:1.4.2"),
      `image "example/shop:1.4.2"${END}`,
    ],
    "an unknown image": [remoteImage("nginx:1.29"), `image "nginx:1.29"${END}`],
    "another path that ends alike": [remoteImage("evil/notoryd/kratos:1"), `image "evil/notoryd/kratos:1"${END}`],
    "a short name that only an organization has": [remoteImage("kratos:1"), `image "kratos:1"${END}`],
  },
});
