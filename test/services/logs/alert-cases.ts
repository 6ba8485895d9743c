import { downCase, type AlertCase, type Series } from "../alert-case.ts";

const LOKI = { job: "loki", instance: "loki:3100" };
const ALLOY = { job: "alloy", instance: "alloy:12345" };
const series = ({ job, instance }: typeof LOKI, metric: string, values: string, labels = ""): Series => ({
  [`${metric}{job="${job}",instance="${instance}",service="logs"${labels}}`]: values,
});
const MEBIBYTE = 1024 ** 2;
const STORED = "loki_chunk_store_stored_chunk_bytes_total";
const SENT = ',component_id="loki.write.store",host="loki:3100"';

/** For a volume of 5 GiB and a retention of a week, which are the defaults. */
export const CASES: readonly AlertCase[] = [
  downCase("LokiDown", "loki", "loki:3100", "logs"),
  downCase("AlloyDown", "alloy", "alloy:12345", "logs"),
  {
    alert: "LogsRefused",
    firing: {
      series: series(LOKI, "loki_discarded_samples_total", "0+120x20", ',reason="rate_limited",tenant="fake"'),
      at: "15m",
      labels: { ...LOKI, reason: "rate_limited" },
      description: "2 lines a second are refused: rate_limited.",
    },
    quiet: {
      series: series(LOKI, "loki_discarded_samples_total", "7x20", ',reason="rate_limited",tenant="fake"'),
      at: "15m",
    },
  },
  {
    alert: "LogsDropped",
    firing: {
      series: series(ALLOY, "loki_write_dropped_entries_total", "0+60x20", `${SENT},reason="ingester_error"`),
      at: "15m",
      labels: { ...ALLOY, reason: "ingester_error" },
      description: "1 lines a second are dropped: ingester_error.",
    },
    quiet: {
      series: series(ALLOY, "loki_write_dropped_entries_total", "7x20", `${SENT},reason="ingester_error"`),
      at: "15m",
    },
  },
  {
    alert: "LogsUnreadable",
    firing: {
      series: series(ALLOY, "loki_source_gelf_target_parsing_errors_total", "0+60x20"),
      at: "15m",
      labels: ALLOY,
      description: "1 datagrams a second cannot be read.",
    },
    quiet: { series: series(ALLOY, "loki_source_gelf_target_parsing_errors_total", "7x20"), at: "15m" },
  },
  {
    alert: "NoLogsArriving",
    firing: {
      series: series(ALLOY, "loki_write_sent_entries_total", "500x90", SENT),
      at: "90m",
      labels: ALLOY,
      description: "0 lines reached Loki within the last hour, of the whole stack.",
    },
    quiet: { series: series(ALLOY, "loki_write_sent_entries_total", "500x45 501x45", SENT), at: "90m" },
  },
  {
    alert: "LogStorageNearLimit",
    firing: {
      // 658 MiB a day, of which seven days are 90 % of 5 GiB.
      series: series(LOKI, STORED, `0+${(MEBIBYTE * 5120 * 0.9) / 7 / 1440}x1500`, ',user="fake"'),
      at: "25h",
      labels: LOKI,
      description: "At the rate of the last day they take 90% of the planned size until they are forgotten.",
    },
    quiet: { series: series(LOKI, STORED, `0+${(MEBIBYTE * 5120 * 0.8) / 7 / 1440}x1500`, ',user="fake"'), at: "25h" },
  },
];
