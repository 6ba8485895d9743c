#!/usr/bin/env node
import { register } from "tsx/esm/api";

register();
// tsx switches them on. The SDK takes a stack trace for every resource, and translating each costs a fifth of a plan's time.
process.setSourceMapsEnabled(false);
const { main } = await import("./main.ts");
await main(process.argv);
