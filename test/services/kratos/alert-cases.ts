import { downCase, type AlertCase } from "../alert-case.ts";
import { pg, server } from "../postgres/alert-cases.ts";

export const CASES: readonly AlertCase[] = [
  downCase("KratosDown", "kratos", "kratos:4434"),
  {
    alert: "KratosCourierQueueStuck",
    firing: {
      series: pg("kratos_courier_oldest_queued_seconds", "600+60x20"),
      at: "10m",
      labels: server,
      description: "The oldest mail has waited for 20m 0s.",
    },
    quiet: { series: pg("kratos_courier_oldest_queued_seconds", "30x20"), at: "10m" },
  },
  {
    alert: "KratosMailsAbandoned",
    firing: {
      series: pg("kratos_courier_abandoned", "0x30 4x60"),
      at: "80m",
      labels: server,
      description: "4 mails were abandoned within the last hour; their receivers never get them.",
    },
    quiet: { series: pg("kratos_courier_abandoned", "4x60"), at: "60m" },
  },
];
