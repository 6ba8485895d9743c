// The engine loads a pack with require(), and passes it no arguments for Node.
require("tsx/cjs/api").register();
require("./pack.ts");
