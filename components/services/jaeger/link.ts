import { address } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import type { SpanEndpoints } from "./jaeger.ts";

export interface JaegerLinkArgs {
  readonly spans: SpanEndpoints;
  /** The part of requests that is traced, from 0 to 1. */
  readonly sampling: number;
  /** The stack that spans name. */
  readonly stack: string;
}

/** What the app is told of traces: the variables of OpenTelemetry's own SDKs, and the one of Jaeger's older form. */
export function jaegerLink({ spans: { otlp, thrift }, sampling, stack }: JaegerLinkArgs): Link {
  return {
    facts: { "traces.url": address(`http://${otlp.address}`) },
    environment: {
      OTEL_SERVICE_NAME: "apprun",
      OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${stack}`,
      OTEL_TRACES_EXPORTER: "otlp",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${otlp.address}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: String(sampling),
      OTEL_EXPORTER_JAEGER_ENDPOINT: `http://${thrift.address}/api/traces`,
    },
    connectsTo: [otlp, thrift],
  };
}
