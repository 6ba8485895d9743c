import { LABELS } from "../../model/identity.ts";
import type { LogSource } from "../../model/log-source.ts";
import type { Endpoint } from "../../model/workload.ts";
import { LEVEL_IN_TEXT, LEVEL_TEMPLATE } from "./log-levels.ts";

/** UDP port inside the container to which an engine sends. */
export const GELF_PORT = 12201;

export interface AlloyConfigurationArgs {
  readonly source: LogSource;
  readonly loki: Endpoint;
  /** Value of the label `stack`. */
  readonly stack: string;
}

/** Alloy's configuration: lines come in with the name of their service, get a level, lose every other label and go to Loki. */
export function alloyConfiguration({ source, loki, stack }: AlloyConfigurationArgs): string {
  return `logging {
	level  = "warn"
	format = "json"
}

${source.kind === "engine" ? ENGINE_SOURCE : clusterSource(source.namespace, source.selector)}
// Lines that are no JSON pass as they are; fields of those that are stay in the line.
loki.process "lines" {
	stage.regex {
		expression = ${quoted(LEVEL_IN_TEXT)}
	}

	stage.json {
		expressions = {json_level = "level"}
	}

	stage.template {
		source   = "level"
		template = ${quoted(LEVEL_TEMPLATE)}
	}

	stage.labels {
		values = {level = ""}
	}

	stage.label_keep {
		values = ["service", "level"]
	}
	forward_to = [loki.write.store.receiver]
}

loki.write "store" {
	endpoint {
		url = ${quoted(`http://${loki.address}/loki/api/v1/push`)}
	}
	external_labels = {stack = ${quoted(stack)}}
}
`;
}

/** Each line comes in an envelope, which names the container's labels. */
const ENGINE_SOURCE = `loki.source.gelf "engine" {
	listen_address         = "0.0.0.0:${GELF_PORT}"
	use_incoming_timestamp = true
	forward_to             = [loki.process.envelope.receiver]
}

loki.process "envelope" {
	stage.json {
		expressions = {line = "short_message", service = ${quoted(`"_${LABELS.service}"`)}}
	}

	stage.labels {
		values = {service = ""}
	}

	stage.output {
		source = "line"
	}
	forward_to = [loki.process.lines.receiver]
}
`;

function clusterSource(namespace: string, selector: string): string {
  return `discovery.kubernetes "pods" {
	role = "pod"

	namespaces {
		names = [${quoted(namespace)}]
	}

	selectors {
		role  = "pod"
		label = ${quoted(selector)}
	}
}

discovery.relabel "pods" {
	targets = discovery.kubernetes.pods.targets

	rule {
		source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_name"]
		target_label  = "service"
	}
}

loki.source.kubernetes "pods" {
	targets    = discovery.relabel.pods.output
	forward_to = [loki.process.ends.receiver]
}

// The API server's lines come with their end.
loki.process "ends" {
	stage.replace {
		expression = "(\\n)$"
		replace    = ""
	}
	forward_to = [loki.process.lines.receiver]
}
`;
}

/** A text as Alloy reads it: escapes are those of JSON. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
