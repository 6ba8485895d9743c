import type { Dashboard, Observability, Panel } from "../../model/observability.ts";

/** Columns of Grafana's grid. */
const GRID = 24;
const HEIGHT = { stat: 5, timeseries: 8 } as const;
/** uid of the data source that every panel asks. */
export const PROMETHEUS_UID = "prometheus";
export const OVERVIEW_UID = "apprun-overview";

/** The first page, from what each service puts on it, and the page of each service. */
export function dashboardsOf(observabilities: readonly Observability[]): readonly Dashboard[] {
  const overview = observabilities.flatMap(({ overview: panels = [] }) => panels);
  return [
    { uid: OVERVIEW_UID, title: "Overview", panels: widestFirst(overview) },
    ...observabilities.flatMap(({ dashboard }) => dashboard ?? []),
  ];
}

/** Figures before graphs, so that what is wrong stands at the top. */
function widestFirst(panels: readonly Panel[]): readonly Panel[] {
  const rank = ({ kind = "timeseries", width = 12 }: Panel) => (kind === "stat" ? -width : 0);
  return [...panels].sort((a, b) => rank(a) - rank(b));
}

/** A dashboard in the classic form, the one that file provisioning takes. */
export function classicDashboard({ uid, title, panels }: Dashboard): object {
  return {
    uid,
    title,
    tags: ["apprun"],
    schemaVersion: 39,
    version: 1,
    editable: false,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: { list: [] },
    annotations: { list: [] },
    links: [{ type: "dashboards", title: "Dashboards", tags: ["apprun"], asDropdown: true }],
    panels: positions(panels).map(({ panel, ...gridPos }, index) => classicPanel(panel, index + 1, gridPos)),
  };
}

interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Rows from left to right; a panel that does not fit begins the next row. */
function positions(panels: readonly Panel[]): readonly (Position & { readonly panel: Panel })[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel) => {
    const { width: w = 12, kind = "timeseries" } = panel;
    if (x + w > GRID) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const position = { panel, x, y, w, h: HEIGHT[kind] };
    x += w;
    rowHeight = Math.max(rowHeight, HEIGHT[kind]);
    return position;
  });
}

function classicPanel(panel: Panel, id: number, gridPos: Position): object {
  const { title, kind = "timeseries", description, queries } = panel;
  return {
    id,
    type: kind,
    title,
    ...(description && { description }),
    gridPos,
    datasource: { type: "prometheus", uid: PROMETHEUS_UID },
    fieldConfig: { defaults: fieldDefaults(panel), overrides: [] },
    options:
      kind === "stat"
        ? {
            reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
            colorMode: "background",
            textMode: "value_and_name",
          }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: { type: "prometheus", uid: PROMETHEUS_UID },
      expr,
      legendFormat: legend,
      ...(kind === "stat" && { instant: true }),
    })),
  };
}

function fieldDefaults({ unit, redAbove, redBelow }: Panel): object {
  const steps =
    redAbove !== undefined
      ? [
          { color: "green", value: null },
          { color: "red", value: redAbove },
        ]
      : redBelow !== undefined
        ? [
            { color: "red", value: null },
            { color: "green", value: redBelow },
          ]
        : [{ color: "text", value: null }];
  const yesNo = { type: "value", options: { "0": { text: "no" }, "1": { text: "yes" } } };
  return unit === "bool"
    ? { thresholds: { mode: "absolute", steps }, mappings: [yesNo] }
    : { unit, thresholds: { mode: "absolute", steps } };
}
