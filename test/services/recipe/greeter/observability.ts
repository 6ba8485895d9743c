import type { Observability } from "../../../../components/model/observability.ts";

export function greeterObservability(): Observability {
  return {
    service: "greeter",
    alerts: [
      {
        name: "GreeterDown",
        expr: 'up{job="greeter"} == 0',
        for: "1m",
        severity: "warning",
        summary: "Nobody says hello",
        description: "The greeter has not answered for a minute (the value is {{ $value }}).",
        mutes: ["TargetDown"],
      },
    ],
    dashboard: {
      uid: "apprun-greeter",
      title: "Greeter",
      panels: [
        {
          title: "Greetings per second",
          unit: "ops",
          queries: [{ expr: "rate(greetings_total[5m])", legend: "greetings" }],
        },
      ],
    },
  };
}
